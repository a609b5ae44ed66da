using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>What the seal log says of a part, in the log's order.</summary>
internal sealed class PartHistory
{
    /// <summary>Of a part that the log does not tell of.</summary>
    public static PartHistory None { get; } = new();

    /// <summary>The checkpoints.</summary>
    public List<SealReference> Seals { get; } = [];

    /// <summary>The events, and their entries' indexes.</summary>
    public List<(long Index, SealEvent Event)> Events { get; } = [];

    /// <summary>The newest event of a kind; <c>null</c>: there is none.</summary>
    public SealEvent? Newest(SealEventKind kind) => Events.FindLast(one => one.Event.Kind == kind).Event;
}
