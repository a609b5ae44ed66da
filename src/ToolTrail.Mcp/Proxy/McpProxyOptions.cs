namespace ToolTrail.Mcp.Proxy;

/// <summary>What the proxy starts, and what it writes into the records that nobody else can tell it.</summary>
public sealed record McpProxyOptions
{
    /// <summary>The server's command: a path, or a name that is looked up in <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each as the server gets it.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>On whose behalf calls are made. Default: the operating system's user.</summary>
    public string User { get; init; } = Environment.UserName;

    /// <summary>The agent's name; <c>null</c> (default): the name that the client gives itself.</summary>
    public string? Agent { get; init; }

    /// <summary>The session; <c>null</c> (default): a UUID for each run.</summary>
    public string? Session { get; init; }

    /// <summary>The server's name; <c>null</c> (default): the command's, see <see cref="ServerName"/>.</summary>
    public string? Server { get; init; }
}
