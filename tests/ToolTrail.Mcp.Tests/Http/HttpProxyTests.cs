using System.Net;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>The proxy over HTTP, between a client and a server of the C# SDK, in both protocol eras, with sessions and without, and over the transport before.</summary>
[Capture("MCP proxy, HTTP")]
public sealed class HttpProxyTests : IDisposable
{
    private const string Now = "2026-07-28";
    private const string Before = "2025-11-25";
    private const string First = "2024-11-05";

    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Now, "stateless")]
    [InlineData(Before, "stateful")]
    [InlineData(Before, "stateless")]
    [InlineData(First, "sse")]
    [Ending("ok")]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("unknown tool")]
    public async Task Calls_BehindTheProxy_AreAnsweredTheSame_AndRecorded(string version, string sessions)
    {
        await using var peers = await HttpPeers.StartAsync(_home, sessions);
        var direct = await DriveAsync(peers.Direct, version);
        var proxied = await DriveAsync(peers.Proxied, version);
        Assert.Equal(direct, proxied);
        Assert.Equal("", await peers.EndProxyAsync());

        Assert.Equal(["echo ok", "fail error", "refuse error", "no_such_tool error"], _home.Outcomes());
        var records = _home.Records();
        Assert.Equal("hällo \U0001F600", records[0].ResultSnippet);
        Assert.All(records, record => Assert.Equal(("mcp-proxy", "127.0.0.1"), (record.Source, record.Server)));
        // Without sessions an earlier era's client says its name only when it begins.
        Assert.All(records, record => Assert.Equal((version, sessions) == (Before, "stateless") ? null : "cs-client", record.Agent));
        Assert.All(records, record => Assert.Equal(sessions != "stateless", record.Session is not null));
    }

    [Theory]
    [InlineData(Now, "stateless")]
    [InlineData(Before, "stateful")]
    [InlineData(First, "sse")]
    [Ending("denied by policy")]
    public async Task ADeniedCall_IsAnsweredByTheProxy(string version, string sessions)
    {
        _home.Configure("""{"policy":[{"name":"no-echo","effect":"deny","tool":"echo","reason":"Ask a person."}]}""");
        await using var peers = await HttpPeers.StartAsync(_home, sessions);
        await using (var client = await HttpPeers.ConnectAsync(peers.Proxied, version))
            Assert.Contains("Ask a person.", await CallAsync(client, "echo", new() { ["message"] = "x" }), StringComparison.Ordinal);
        await peers.EndProxyAsync();
        Assert.Equal(["echo denied"], _home.Outcomes());
        Assert.Equal("no-echo", _home.Records()[0].Reason);
    }

    [Theory]
    [InlineData(Now, "stateless")]
    [InlineData(Before, "stateful")]
    [InlineData(First, "sse")]
    [Ending("cancelled")]
    public async Task ACallThatIsGivenUp_IsCancelled(string version, string sessions)
    {
        await using var peers = await HttpPeers.StartAsync(_home, sessions);
        await using (var client = await HttpPeers.ConnectAsync(peers.Proxied, version))
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var progress = new Progress(giveUp);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CallToolAsync("wait", progress: progress, cancellationToken: giveUp.Token).AsTask());
        }

        await Eventually.HoldsAsync("the call is recorded as cancelled", () => Task.FromResult(_home.Outcomes() is ["wait cancelled"]));
        await peers.EndProxyAsync();
        Assert.Equal(["wait cancelled"], _home.Outcomes());
    }

    [Theory]
    [InlineData("stateful")]
    [InlineData("sse")]
    [Ending("timed out")]
    public async Task TimeLimit_OfTheClient_IsATimeout(string sessions)
    {
        await using var peers = await HttpPeers.StartAsync(_home, sessions);
        await using var client = ToolProcess.StartProgram("node", [SourceTree.PathOf("tests", "peers", "timeout.mjs"), peers.Proxied.ToString(), "wait", sessions]);
        Assert.Equal("McpError: MCP error -32001: Request timed out", await client.ReadLineAsync());
        await Eventually.HoldsAsync("the call is recorded", () => Task.FromResult(_home.Outcomes() is [_]));
        Assert.Equal(0, (await client.FinishAsync()).ExitCode);
        await peers.EndProxyAsync();
        var record = Assert.Single(_home.Records());
        Assert.Equal(ToolCallStatus.Timeout, record.Status);
        Assert.Contains("timed out", record.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task TheProxy_KilledInTheMiddle_LeavesACallWithoutOutcome()
    {
        _home.Configure("""{"delivery":{"mode":"writeAhead"}}""");
        await using var peers = await HttpPeers.StartAsync(_home, "stateless");
        using var client = new HttpClient();
        var call = PostAsync(client, peers.Proxied, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{}}}""");
        await Eventually.HoldsAsync("the call has begun", () => Task.FromResult(_home.Outcomes() is ["wait started"]));
        await peers.KillProxyAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        Assert.Equal(1, (await _home.CountsAsync())["started"]);
    }

    [Fact]
    public async Task TheUser_IsTheHeaders_ElseTheTokens_ElseTheOptions()
    {
        await using var peers = await HttpPeers.StartAsync(_home, "stateless", "--user-header", "X-User", "--user-claim", "sub");
        var token = $"x.{Convert.ToBase64String("""{"sub":"bob"}"""u8.ToArray()).TrimEnd('=')}.y";
        await EchoAsync(peers, new() { ["X-User"] = "alice", ["Authorization"] = $"Bearer {token}" });
        await EchoAsync(peers, new() { ["Authorization"] = $"Bearer {token}" });
        await EchoAsync(peers, new() { ["Authorization"] = "Bearer opaque" });
        await EchoAsync(peers, new() { ["X-User"] = "tooltrail" });
        await peers.EndProxyAsync();
        Assert.Equal((1, 1, 2), (_home.Records("alice").Count, _home.Records("bob").Count, _home.Records("ada").Count));
    }

    [Fact]
    public async Task AServerThatIsGone_IsAnErrorOfTheCall()
    {
        await using var proxy = ToolProcess.Start(["proxy", "--home", _home.Path, "--user", "ada", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:9/mcp"]);
        var address = (await proxy.ReadLineAsync())!.Split(' ')[^1];
        using var client = new HttpClient();
        using var response = await PostAsync(client, new Uri(address), """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""");
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        proxy.Signal("TERM");
        var run = await proxy.FinishAsync();
        var told = Assert.Single(_home.Records()).Error;
        Assert.Equal(("upstream_failed", "The server could not be asked, or broke off: Connection refused (127.0.0.1:9)"), (told?.Type, told?.Message));
        // Once, and not where in the program.
        Assert.Contains(told!.Message!, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatIsNotThisMachines_IsRefused()
    {
        await using var peers = await HttpPeers.StartAsync(_home, "stateless");
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Host = "evil.example";
        using var response = await PostAsync(client, peers.Proxied, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}""");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Contains("names another host", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(_home.Records());
    }

    [Theory]
    [InlineData("--listen", "127.0.0.1:0")]
    [InlineData("--listen", "0.0.0.0:80", "--upstream", "http://127.0.0.1:9")]
    [InlineData("--listen", "127.0.0.1:0", "--upstream", "ftp://example.com")]
    [InlineData("--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:9", "--", "cat")]
    [InlineData]
    public async Task AWrongCommandLine_IsRefused(params string[] options)
    {
        var run = await ToolProcess.RunAsync(["proxy", "--home", _home.Path, .. options]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.NotEmpty(run.Errors);
    }

    private static async Task EchoAsync(HttpPeers peers, Dictionary<string, string> headers)
    {
        await using var client = await HttpPeers.ConnectAsync(peers.Proxied, Now, headers);
        Assert.Equal("x", await CallAsync(client, "echo", new() { ["message"] = "x" }));
    }

    private static async Task<List<string>> DriveAsync(Uri endpoint, string version)
    {
        await using var client = await HttpPeers.ConnectAsync(endpoint, version);
        Assert.Equal(version, client.NegotiatedProtocolVersion);
        List<string> log = [];
        log.AddRange((await client.ListToolsAsync(cancellationToken: Cancel)).Select(tool => tool.Name).Order(StringComparer.Ordinal));
        log.Add(await CallAsync(client, "echo", new() { ["message"] = "hällo \U0001F600" }));
        log.Add(await CallAsync(client, "fail", new() { ["why"] = "no luck" }));
        log.Add(await CallAsync(client, "refuse", []));
        log.Add(await CallAsync(client, "no_such_tool", []));
        return log;
    }

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        try
        {
            var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
            return string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        }
        catch (McpException exception)
        {
            return exception.Message;
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Uri endpoint, string message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        return client.SendAsync(request, Cancel);
    }

    // Gives up once the server runs the tool.
    private sealed class Progress(CancellationTokenSource giveUp) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => giveUp.Cancel();
    }
}
