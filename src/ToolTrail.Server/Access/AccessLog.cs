using System.Net;
using Microsoft.Extensions.Logging;

namespace ToolTrail.Server.Access;

/// <summary>What the log says of requests that were turned away. Keys and tokens never stand there; paths and names come percent-encoded or as JSON.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(LogLevel.Warning, "Refused {Method} {Path} from {Address}: no key.")]
    public static partial void LogNoKey(this ILogger logger, string method, string path, IPAddress? address);

    [LoggerMessage(LogLevel.Warning, "Refused {Method} {Path} from {Address}: the key or token is not valid.")]
    public static partial void LogWrongKey(this ILogger logger, string method, string path, IPAddress address);

    [LoggerMessage(LogLevel.Warning, "More than {Limit} failed logins in a minute from {Address}: further ones are not logged.")]
    public static partial void LogTooManyFailures(this ILogger logger, IPAddress address, int limit);

    [LoggerMessage(LogLevel.Warning, "Refused {Method} {Path} to {Caller}: the role '{Role}' may not.")]
    public static partial void LogRoleRefused(this ILogger logger, string method, string path, string caller, string role);

    [LoggerMessage(LogLevel.Warning, "Refused {Path} to {Caller}: it may not read the records of {User}.")]
    public static partial void LogReadRefused(this ILogger logger, string path, string caller, string user);

    [LoggerMessage(LogLevel.Warning, "Refused {Count} records from {Caller}: it may not write for their users.")]
    public static partial void LogWriteRefused(this ILogger logger, long count, string caller);

    [LoggerMessage(LogLevel.Warning, "Refused {Method} {Path} from {Address}: the {Header} header names a host that this server is not.")]
    public static partial void LogForeignHost(this ILogger logger, string method, string path, IPAddress? address, string header);

    [LoggerMessage(LogLevel.Information, "Ended {Method} {Path} of {Caller}: its key was revoked or has expired.")]
    public static partial void LogEnded(this ILogger logger, string method, string path, string caller);
}
