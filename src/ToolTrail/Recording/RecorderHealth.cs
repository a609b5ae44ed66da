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
    /// <summary>Whether records are being lost or refused now.</summary>
    public bool Degraded => Failing || PendingLosses > 0;
}
