using Microsoft.Extensions.Logging;

namespace ToolTrail.Mcp.Http;

/// <summary>What the proxy tells its operator; arguments and results never.</summary>
internal static partial class HttpProxyLog
{
    [LoggerMessage(11, LogLevel.Warning, "The server could not be asked, or broke off: {Cause}")]
    public static partial void LogUpstreamFailed(this ILogger logger, string cause);

    [LoggerMessage(12, LogLevel.Warning, "The server sends its clients to {Address}: give that as its address.")]
    public static partial void LogUpstreamMoved(this ILogger logger, Uri address);
}
