using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>How much is recorded of some tools' calls.</summary>
public sealed record LevelRule
{
    /// <summary>Glob over the tool's name.</summary>
    public required string Tool { get; init; }

    /// <summary>How much.</summary>
    public required RecordLevel Level { get; init; }
}
