using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>A real server over HTTP, and the built proxy before it, each a process of its own.</summary>
internal sealed class HttpPeers : IAsyncDisposable
{
    /// <summary>A server of both eras, with sessions for the clients of the earlier one, streams that can be taken up again, and all that the conformance suite asks for.</summary>
    public const string BothEras = "statefulForInitializeClients";

    private readonly ToolProcess _server;
    private readonly ToolProcess _proxy;

    private HttpPeers(ToolProcess server, ToolProcess proxy, Uri direct, Uri proxied)
    {
        _server = server;
        _proxy = proxy;
        Direct = direct;
        Proxied = proxied;
    }

    /// <summary>The server's own address.</summary>
    public Uri Direct { get; }

    /// <summary>The proxy's.</summary>
    public Uri Proxied { get; }

    /// <summary>Starts both.</summary>
    /// <param name="home">Where the proxy records.</param>
    /// <param name="sessions"><c>stateful</c> or <c>stateless</c>: whether the server has sessions. Or <see cref="BothEras"/>, or <c>sse</c>: the transport of 2024-11-05.</param>
    /// <param name="options">More options of the proxy.</param>
    public static async Task<HttpPeers> StartAsync(ProxyHome home, string sessions, params string[] options)
    {
        var server = ToolProcess.StartProgram(ProxyHome.TestServer, ["http", sessions]);
        var direct = new Uri((await server.ReadLineAsync())!);
        var proxy = ToolProcess.Start(["proxy", "--home", home.Path, "--user", "ada", "--listen", "127.0.0.1:0", "--upstream", direct.ToString(), .. options]);
        var greeting = (await proxy.ReadLineAsync())!;
        return new HttpPeers(server, proxy, direct, new Uri(greeting[greeting.LastIndexOf("http://", StringComparison.Ordinal)..]));
    }

    /// <summary>Connects a client of the C# SDK, over the transport that came with the version of the protocol.</summary>
    public static Task<McpClient> ConnectAsync(Uri endpoint, string protocolVersion, Dictionary<string, string>? headers = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = protocolVersion == "2024-11-05" ? HttpTransportMode.Sse : HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers ?? [],
        });
        var options = new McpClientOptions { ProtocolVersion = protocolVersion, ClientInfo = new Implementation { Name = "cs-client", Version = "1.0.0" } };
        options.Handlers.ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" });
        return McpClient.CreateAsync(transport, options, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Ends the proxy in good order: all is in the trail.</summary>
    /// <returns>What it said on standard error.</returns>
    public async Task<string> EndProxyAsync()
    {
        _proxy.Signal("TERM");
        var run = await _proxy.FinishAsync();
        Assert.Equal(0, run.ExitCode);
        return run.Errors;
    }

    /// <summary>Kills the proxy.</summary>
    public async Task KillProxyAsync()
    {
        _proxy.Kill();
        await _proxy.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }
}
