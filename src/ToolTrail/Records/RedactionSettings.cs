namespace ToolTrail.Records;

/// <summary>What is a secret beyond what the built-in names and shapes find.</summary>
public sealed record RedactionSettings
{
    /// <summary>More member names whose values are secret: whole words of a snake, kebab or camel name, case-insensitive.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>More shapes of secrets: .NET regular expressions, run in linear time (no look-around, no back-references).</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];
}
