namespace ToolTrail.Torture.Processes;

/// <summary>What a writer records.</summary>
internal sealed record WriterLoad
{
    /// <summary>Records on their way at a time.</summary>
    public int InFlight { get; init; } = 32;

    /// <summary>Every so-manieth is a Background record, acknowledged by the next flush; 0: none is.</summary>
    public int BackgroundOf { get; init; } = 10;

    /// <summary>Whether Background records before a flush that succeeded are on disk: not where they may be lost, and counted, before it.</summary>
    public bool TrustsFlush { get; init; } = true;

    /// <summary>Whether it flushes now and then.</summary>
    public bool Flushes { get; init; } = true;
}
