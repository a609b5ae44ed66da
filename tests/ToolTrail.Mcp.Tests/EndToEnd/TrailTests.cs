using ToolTrail.Records;
using ToolTrail.Testing;
using static ToolTrail.Mcp.Tests.Proxy.Messages;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>What the built proxy leaves in the trail.</summary>
[Capture("MCP proxy, stdio")]
public sealed class TrailTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"editor","version":"1"}}}""";

    [Fact]
    public async Task Options_NotGiven_HaveTheirDefaults()
    {
        using var home = new ProxyHome();
        await using var proxy = ToolProcess.Start(
            ["proxy", "--", ProxyHome.TestServer], environment: new Dictionary<string, string?> { ["TOOLTRAIL_HOME"] = home.Path });
        await AskAsync(proxy, Initialize);
        await AskAsync(proxy, Call(1, "echo", """{"message":"one"}"""));
        await AskAsync(proxy, Call(2, "echo", """{"message":"two"}"""));
        await proxy.FinishAsync();

        var records = home.Records(Environment.UserName);
        Assert.Equal(["one", "two"], records.Select(record => record.ResultSnippet));
        Assert.All(records, record => Assert.Equal(
            ("ToolTrail.Mcp", "editor", "mcp-proxy", records[0].Session), (record.Server, record.Agent, record.Source, record.Session)));
        Assert.True(Guid.TryParse(records[0].Session, out _));
    }

    [Fact]
    public async Task Options_Given_StandInTheRecords()
    {
        using var home = new ProxyHome();
        await using var proxy = ToolProcess.Start(
            ["proxy", "--home", home.Path, "--user", "ada", "--agent", "my-agent", "--session", "s-1", "--server", "notes", "--", ProxyHome.TestServer]);
        await AskAsync(proxy, Initialize);
        await AskAsync(proxy, Call(1, "echo", """{"message":"one"}"""));
        await proxy.FinishAsync();
        var record = Assert.Single(home.Records());
        Assert.Equal(("my-agent", "s-1", "notes"), (record.Agent, record.Session, record.Server));
    }

    [Fact]
    public async Task Server_ThatDies_LeavesItsOpenCallsAsErrors()
    {
        using var home = new ProxyHome();
        await using var proxy = home.Start(ProxyHome.TestServer);
        await AskAsync(proxy, Initialize);
        await proxy.Input.WriteLineAsync(Call(1, "die", """{"exitCode":9}"""));
        await proxy.Input.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(9, await proxy.WaitForExitAsync());
        var record = Assert.Single(home.Records());
        Assert.Equal((ToolCallStatus.Error, "server_exited"), (record.Status, record.Error!.Type));
        Assert.Contains("exit code 9", record.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatLeaves_CancelsItsOpenCalls()
    {
        using var home = new ProxyHome();
        await home.RunAsync(Call(1, "wait") + "\n", "sh", "-c", "cat >/dev/null");
        Assert.Equal(["wait cancelled"], home.Outcomes());
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task Proxy_KilledInTheMiddle_LeavesACallWithoutOutcome()
    {
        using var home = new ProxyHome();
        home.Configure("""{"delivery":{"mode":"writeAhead"}}""");
        await using (var proxy = home.Start(ProxyHome.TestServer))
        {
            await AskAsync(proxy, Initialize);
            // Once its progress is told, the tool runs.
            Assert.Contains("progress", await AskAsync(proxy, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","_meta":{"progressToken":"p"}}}"""), StringComparison.Ordinal);
            proxy.Kill();
            await proxy.WaitForExitAsync();
        }

        Assert.Equal(["wait started"], home.Outcomes());
        Assert.Equal(1, (await home.CountsAsync())["started"]);
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task Policy_OfTheHome_IsAskedAndFollowed()
    {
        using var home = new ProxyHome();
        home.Configure("""{"policy":[{"name":"no-failing","effect":"deny","tool":"fail","agent":"editor","reason":"not today"}]}""");
        await using var proxy = home.Start(ProxyHome.TestServer);
        await AskAsync(proxy, Initialize);
        Assert.Contains("no-failing", await AskAsync(proxy, Call(1, "fail", """{"why":"x"}""")), StringComparison.Ordinal);
        Assert.Contains("hello", await AskAsync(proxy, Call(2, "echo", """{"message":"hello"}""")), StringComparison.Ordinal);
        await proxy.FinishAsync();
        Assert.Equal(["fail denied", "echo ok"], home.Outcomes());
        Assert.Equal("no-failing", home.Records()[0].Reason);
    }

    [Fact]
    public async Task User_Reserved_IsRefused()
    {
        using var home = new ProxyHome();
        var run = await ToolProcess.RunAsync(["proxy", "--home", home.Path, "--user", "tooltrail", "--", "cat"]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("reserved", run.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(ToolProcess proxy, string request)
    {
        await proxy.Input.WriteLineAsync(request);
        await proxy.Input.FlushAsync(TestContext.Current.CancellationToken);
        return (await proxy.ReadLineAsync())!;
    }
}
