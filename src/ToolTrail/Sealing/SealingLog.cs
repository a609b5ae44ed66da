using Microsoft.Extensions.Logging;

namespace ToolTrail.Sealing;

/// <summary>What sealing tells an operator.</summary>
internal static partial class SealingLog
{
    [LoggerMessage(21, LogLevel.Critical, "The trail's part '{Part}' does not fit what was signed of it: {Reason}. Nothing was repaired, nothing is signed of it, and recording goes on in the next part. Run 'tooltrail verify'.")]
    public static partial void PartAlarm(this ILogger logger, string part, string reason);

    [LoggerMessage(22, LogLevel.Error, "The trail is not sealed at the moment: {Cause}")]
    public static partial void SealingFails(this ILogger logger, string cause);

    [LoggerMessage(23, LogLevel.Information, "The trail is sealed again.")]
    public static partial void SealsAgain(this ILogger logger);

    [LoggerMessage(25, LogLevel.Error, "The look over the home broke off, and is tried again in a minute: {Cause}")]
    public static partial void SweepBrokeOff(this ILogger logger, string cause);

    [LoggerMessage(26, LogLevel.Warning, "Nobody can tell whose the part '{Part}' is, so it is not sealed: its folder's name cannot be read, and it has no record.")]
    public static partial void UserUnknown(this ILogger logger, string part);

    [LoggerMessage(27, LogLevel.Error, "Lines of the part '{Part}' that were to be erased stand there still: {Cause}. It is tried again each minute; a part that does not fit what was signed of it has to be restored from a backup first, and is tried again at the next start.")]
    public static partial void ErasureUnfinished(this ILogger logger, string part, string cause);

    [LoggerMessage(28, LogLevel.Error, "What was begun to be erased cannot be read: {Cause}")]
    public static partial void ErasureUnreadable(this ILogger logger, string cause);

    [LoggerMessage(24, LogLevel.Warning, "The part '{Part}' stood there before anything was signed of it, and was adopted.")]
    public static partial void PartAdopted(this ILogger logger, string part);
}
