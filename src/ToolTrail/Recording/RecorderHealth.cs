namespace ToolTrail.Recording;

/// <summary>How recording is going.</summary>
/// <param name="Recorded">Records written since the start.</param>
/// <param name="Lost">Records lost since the start.</param>
/// <param name="PendingLosses">Losses that no gap record tells of yet.</param>
/// <param name="Failing">Whether the last write of some user failed, and none has succeeded since.</param>
/// <param name="Cause">The last failure, in words; <c>null</c> when there was none.</param>
/// <param name="Since">When the oldest of the pending losses happened.</param>
public sealed record RecorderHealth(long Recorded, long Lost, long PendingLosses, bool Failing, string? Cause, DateTimeOffset? Since)
{
    /// <summary>Why what is recorded is not sealed at the moment; <c>null</c>: it is, or is not meant to be.</summary>
    public string? SealingProblem { get; init; }

    /// <summary>What was found since the start in files that do not fit what was signed of them.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>Whether records are being lost or refused now.</summary>
    public bool Degraded => Failing || PendingLosses > 0;
}
