namespace ToolTrail.Mcp.Http;

/// <summary>Where the proxy listens, what it stands before, and what it writes into the records that nobody else can tell it.</summary>
public sealed record McpHttpProxyOptions
{
    /// <summary>Address to listen on, e.g. <c>http://127.0.0.1:5290</c>; port 0 is a free one.</summary>
    public required Uri Listen { get; init; }

    /// <summary>The server's endpoint, e.g. <c>https://example.com/mcp</c>. Requests to <c>/</c> and to this path go there, all others to the same path of its origin.</summary>
    public required Uri Upstream { get; init; }

    /// <summary>On whose behalf calls are made, where neither header nor claim says. Default: the operating system's user.</summary>
    public string User { get; init; } = Environment.UserName;

    /// <summary>The request header that names the user, set by whoever stands before the proxy; <c>null</c> (default): none.</summary>
    public string? UserHeader { get; init; }

    /// <summary>
    /// The claim of the bearer token (a JWT) that names the user; <c>null</c> (default): none. The proxy does not check the token, which is the server's to accept
    /// or refuse: whoever reaches the proxy can claim to be anybody in the trail.
    /// </summary>
    public string? UserClaim { get; init; }

    /// <summary>The agent's name; <c>null</c> (default): the name that the client gives itself.</summary>
    public string? Agent { get; init; }

    /// <summary>The server's name; <c>null</c> (default): the upstream's host.</summary>
    public string? Server { get; init; }
}
