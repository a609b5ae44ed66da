using ToolTrail.Mcp.Tests.Http;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>The samples do what they say.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly ProxyHome _home = new();

    private Dictionary<string, string?> Environment => new() { ["TOOLTRAIL_HOME"] = _home.Path };

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task EmbeddedProxy_RelaysAndRecords()
    {
        // Where the package is installed npx finds it there.
        await using var proxy = ToolProcess.StartProgram(BuiltProgram.PathOf("EmbeddedProxy"), [], SourceTree.PathOf("tests", "peers"), Environment);
        await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""");
        await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"hello"}}}""");
        while (await proxy.ReadLineAsync() is { } line && !line.Contains("\"id\":1", StringComparison.Ordinal))
        {
        }

        var run = await proxy.FinishAsync();
        Assert.Equal(0, run.ExitCode);
        AssertOneEcho("hello");
    }

    [Fact]
    public async Task EmbeddedHttpProxy_RelaysAndRecords()
    {
        await using var server = ToolProcess.StartProgram(ProxyHome.TestServer, ["http", "stateless"]);
        await using var proxy = ToolProcess.StartProgram(BuiltProgram.PathOf("EmbeddedHttpProxy"), [(await server.ReadLineAsync())!], environment: Environment);
        await using (var client = await HttpPeers.ConnectAsync(new Uri((await proxy.ReadLineAsync())!), "2026-07-28"))
            await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "hello" }, cancellationToken: TestContext.Current.CancellationToken);
        proxy.Signal("TERM");
        Assert.Equal(0, await proxy.WaitForExitAsync());
        AssertOneEcho("hello");
    }

    private void AssertOneEcho(string message)
    {
        var record = Assert.Single(_home.Records(System.Environment.UserName));
        Assert.Equal(("echo", ToolCallStatus.Ok), (record.Tool, record.Status));
        Assert.Contains(message, record.ResultSnippet, StringComparison.Ordinal);
    }
}
