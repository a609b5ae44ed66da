using Microsoft.Extensions.Logging;

namespace ToolTrail.Witnessing;

/// <summary>What asking the witnesses tells the operator.</summary>
internal static partial class WitnessLog
{
    [LoggerMessage(1, LogLevel.Warning, "The log's head was not cosigned: {Cause}")]
    public static partial void NotCosigned(this ILogger logger, string cause);

    [LoggerMessage(2, LogLevel.Information, "The witness '{Witness}' cosigns again.")]
    public static partial void CosignsAgain(this ILogger logger, string witness);

    [LoggerMessage(3, LogLevel.Critical, "The log is not what was witnessed: {Finding}")]
    public static partial void NotWhatWasWitnessed(this ILogger logger, string finding);

    [LoggerMessage(4, LogLevel.Debug, "A head of {Size} entries was overtaken by a larger one of another process, which the witness '{Witness}' has.")]
    public static partial void Overtaken(this ILogger logger, long size, string witness);

    [LoggerMessage(5, LogLevel.Warning, "'{File}' holds no cosigned head and is made anew: {Cause}")]
    public static partial void CosignedHeadDamaged(this ILogger logger, string file, string cause);
}
