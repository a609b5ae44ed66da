namespace ToolTrail.Server.Otlp;

/// <summary>What an attribute's value is.</summary>
internal enum AttributeKind
{
    /// <summary>Neither of the others; kept as JSON.</summary>
    Other,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,
}
