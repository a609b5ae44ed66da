namespace ToolTrail.Home;

/// <summary>How long records are kept.</summary>
public sealed record RetentionSettings
{
    /// <summary>Days that a record may be old when it is ingested; <c>null</c> (default): any.</summary>
    public int? Days { get; init; }
}
