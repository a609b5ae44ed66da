namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>
/// What stands between a client and a server, and what it adds to a call: one client each makes its calls in turn with the others, so that all see the same
/// machine. What a route adds is counted from the same server without what stands before it.
/// </summary>
internal static class ProxiesMeasure
{
    public const string Stdio = "stdio server, nothing between";
    public const string Http = "HTTP server, nothing between";
    public const string ToolTrailStdio = "**ToolTrail**, stdio → stdio";
    public const string ToolTrailHttp = "**ToolTrail**, HTTP → HTTP";
    public const string Bridge = "the least bridge, HTTP → stdio";
    public const string McpProxy = "mcp-proxy 6.7.19, HTTP → stdio";
    public const string Supergateway = "supergateway 4.0.0, HTTP → stdio";

    /// <summary>The routes, and from which each counts what it adds.</summary>
    public static readonly (string Name, string? From)[] Routes =
    [
        (Stdio, null), (ToolTrailStdio, Stdio), (Http, null), (ToolTrailHttp, Http), (Bridge, Stdio), (McpProxy, Stdio), (Supergateway, Stdio),
    ];

    private const int WarmUp = 500;

    /// <param name="size">Characters of each call's message.</param>
    /// <param name="calls">Calls that each client makes.</param>
    public static Figures Run(int size, int calls)
    {
        using var folder = new WorkFolder();
        var me = Environment.ProcessPath!;
        string[] server = [me, "serve"];
        using var http = new HttpEchoClient(port => [me, "serve-http", port]);
        using var stdio = new StdioClient(server);
        using var toolTrailStdio = new StdioClient([Built.Tool, "proxy", "--home", Path.Combine(folder.Path, "stdio"), "--", .. server]);
        using var toolTrailHttp = new HttpEchoClient(port =>
            [Built.Tool, "proxy", "--home", Path.Combine(folder.Path, "http"), "--listen", $"127.0.0.1:{port}", "--upstream", $"http://127.0.0.1:{http.Port}/mcp"]);
        using var bridge = new HttpEchoClient(port => [me, "bridge", port]);
        using var mcpProxy = new HttpEchoClient(port => [Built.Peer("mcp-proxy"), "--server", "stream", "--host", "127.0.0.1", "--port", port, "--", .. server]);
        // Without sessions it starts a server for each request.
        using var supergateway = new HttpEchoClient(port =>
            [Built.Peer("supergateway"), "--stdio", string.Join(' ', server), "--outputTransport", "streamableHttp", "--stateful", "--port", port, "--logLevel", "none"]);
        EchoClient[] clients = [stdio, toolTrailStdio, http, toolTrailHttp, bridge, mcpProxy, supergateway];

        var message = new string('x', size);
        var took = clients.Select(_ => new double[calls]).ToArray();
        for (var call = -WarmUp; call < calls; call++)
        {
            for (var client = 0; client < clients.Length; client++)
            {
                var microseconds = clients[client].Call(message);
                if (call >= 0)
                    took[client][call] = microseconds;
            }
        }

        var figures = new Figures();
        foreach (var ((name, from), times) in Routes.Zip(took))
        {
            foreach (var (share, figure) in new[] { (0.5, "p50"), (0.99, "p99") })
            {
                figures[$"{name} {figure}"] = Quantiles.At(times, share);
                if (from is not null)
                    figures[$"{name} added {figure}"] = figures[$"{name} {figure}"] - figures[$"{from} {figure}"];
            }
        }

        return figures;
    }
}
