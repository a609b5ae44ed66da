using Microsoft.Extensions.Logging;

namespace ToolTrail.Storage;

/// <summary>What a store tells its operator. Never arguments or results.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Error, "Records of user '{User}' could not be written: {Cause}")]
    public static partial void WriteFailed(this ILogger logger, string user, string cause);

    [LoggerMessage(2, LogLevel.Information, "Records of user '{User}' are written again.")]
    public static partial void WritesAgain(this ILogger logger, string user);

    [LoggerMessage(3, LogLevel.Warning, "'{File}' of user '{User}' was torn: {Bytes} bytes were cut and kept in .tooltrail/torn.")]
    public static partial void TornTailCut(this ILogger logger, string user, string file, long bytes);

    [LoggerMessage(4, LogLevel.Critical, "'{File}' of user '{User}' was replaced, deleted or shortened by somebody else: the next part begins.")]
    public static partial void FileReplaced(this ILogger logger, string user, string file);

    [LoggerMessage(5, LogLevel.Error, "The batch of '{File}' of user '{User}' could not be taken back: {Cause}")]
    public static partial void NotTakenBack(this ILogger logger, string user, string file, string cause);

    [LoggerMessage(6, LogLevel.Warning, "A process that recorded for {Users} users ended without closing its files: Background records of its last second may be missing.")]
    public static partial void DeadRunFound(this ILogger logger, int users);

    [LoggerMessage(7, LogLevel.Error, "What a process that died left could not be told in the trail: {Cause}")]
    public static partial void DeadRunNotTold(this ILogger logger, string cause);

    [LoggerMessage(8, LogLevel.Error, "{Count} records of user '{User}' are lost, and no gap record could tell of it before the end: {Cause}")]
    public static partial void LossUntold(this ILogger logger, long count, string user, string cause);

    [LoggerMessage(9, LogLevel.Error, "Syncing the home's file system failed: {Cause}")]
    public static partial void SweepFailed(this ILogger logger, string cause);

    [LoggerMessage(10, LogLevel.Error, "The mark of this process could not be written: after a crash nobody will know that records may be missing. {Cause}")]
    public static partial void MarkFailed(this ILogger logger, string cause);
}
