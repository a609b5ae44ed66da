using Microsoft.Extensions.Logging;

namespace ToolTrail.Mcp.Http;

/// <summary>What the proxy tells its operator; arguments and results never.</summary>
internal static partial class HttpProxyLog
{
    [LoggerMessage(11, LogLevel.Warning, "The server could not be asked, or broke off: {Error}.")]
    public static partial void LogUpstreamFailed(this ILogger logger, string error);
}
