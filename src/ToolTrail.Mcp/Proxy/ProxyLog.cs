using Microsoft.Extensions.Logging;
using ToolTrail.Recording;

namespace ToolTrail.Mcp.Proxy;

/// <summary>What the proxy tells its operator; arguments and results never.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(1, LogLevel.Error, "The outcome of a call of {Tool} could not be recorded.")]
    public static partial void OutcomeNotRecorded(ILogger logger, string tool, TrailWriteException exception);

    [LoggerMessage(2, LogLevel.Warning, "A request of {Length} bytes was refused: it is too long to be held, and did not begin with its method and tool.")]
    public static partial void LongRequestRefused(ILogger logger, long length);

    [LoggerMessage(3, LogLevel.Warning, "The server ended, but a program that it started keeps its output open: what that writes is no longer relayed.")]
    public static partial void OutputStaysOpen(ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "A call that was refused could not be recorded.")]
    public static partial void RefusalNotRecorded(ILogger logger, Exception exception);
}
