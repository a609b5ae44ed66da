namespace ToolTrail.Mcp.Proxy;

/// <summary>A server that cannot be started; the message says which and why.</summary>
public sealed class McpServerStartException : Exception
{
    /// <summary>The exit code of shells for a command that is not there.</summary>
    public const int NotFound = 127;

    /// <summary>The exit code of shells for a command that is there and cannot be run.</summary>
    public const int NotRunnable = 126;

    /// <summary>Says which command, why, and what a shell would exit with.</summary>
    public McpServerStartException(string message, int exitCode, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary><see cref="NotFound"/> or <see cref="NotRunnable"/>.</summary>
    public int ExitCode { get; }
}
