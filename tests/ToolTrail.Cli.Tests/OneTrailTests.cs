using System.Net.Http.Headers;
using System.Text;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>One trail for a server, a proxy that something started in <c>/</c>, and a <c>recent</c> typed in a third folder, with no option given.</summary>
public sealed class OneTrailTests : IDisposable
{
    // A server of one tool, in the shell's own words: answers initialize, then tools/call.
    private const string McpServer = """
        read -r initialize
        echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"shell","version":"1"}}}'
        read -r call
        echo '{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"pong"}]}}'
        """;

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string?> _environment;

    public OneTrailTests()
    {
        _environment = new Dictionary<string, string?> { ["HOME"] = _folder.At("me"), ["LOCALAPPDATA"] = _folder.At("me") };
        foreach (var name in new[] { "me", "served", "third" })
            Directory.CreateDirectory(_folder.At(name));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ServerProxyAndRecent_WithNoOption_ShareOneTrail()
    {
        var key = (await ToolProcess.RunAsync(["keys", "add", "--role", "admin"], folder: _folder.At("third"), environment: _environment)).Output.Trim();

        // Any free port: the one thing in which this is not the default.
        await using var server = ToolProcess.Start(["serve", "--urls", "http://127.0.0.1:0"], _folder.At("served"), _environment);
        var welcome = await server.ReadLineAsync();
        Assert.NotNull(welcome);
        var address = welcome[welcome.IndexOf("http://", StringComparison.Ordinal)..];

        await CallThroughProxyAsync();
        await PostAsync(address, key, """{"user":"poster","tool":"post","status":"ok"}""");

        var recent = await ToolProcess.RunAsync(["recent", "--json"], folder: _folder.At("third"), environment: _environment);
        Assert.Equal((0, ""), (recent.ExitCode, recent.Errors));
        var calls = recent.Lines.Where(line => Json.Text(line, "user") != "tooltrail");
        Assert.Equal([("post", "http"), ("ping", "mcp-proxy")], calls.Select(line => (Json.Text(line, "tool"), Json.Text(line, "source"))));

        var served = await GetAsync(address, key, "/api/audit/recent");
        Assert.Contains("\"tool\":\"ping\"", served, StringComparison.Ordinal);
        server.Signal("TERM");
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    private async Task CallThroughProxyAsync()
    {
        await using var proxy = ToolProcess.Start(["proxy", "--", "sh", "-c", McpServer], "/", _environment);
        await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        Assert.Contains("\"shell\"", await proxy.ReadLineAsync(), StringComparison.Ordinal);
        await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ping","arguments":{"n":1}}}""");
        Assert.Contains("pong", await proxy.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await proxy.FinishAsync()).ExitCode);
    }

    private static async Task PostAsync(string address, string key, string record)
    {
        using var client = ClientOf(address, key);
        using var content = new StringContent(record, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/api/audit/records", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal("""{"stored":1,"refused":[]}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> GetAsync(string address, string key, string path)
    {
        using var client = ClientOf(address, key);
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }

    private static HttpClient ClientOf(string address, string key) => new()
    {
        BaseAddress = new Uri(address),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };
}
