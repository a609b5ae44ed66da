using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The samples do what they say.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task DispatchHook_RecordsHowEachCallEnded()
    {
        var run = await RunSampleAsync("DispatchHook");
        Assert.Equal(["read_file: buy milk", "read_file: FileNotFoundException", "format_disk: UnauthorizedAccessException", "slow_search: TimeoutException"], run.Lines);
        var trail = await _home.RunAsync("tail", "--json", "--user", "ann");
        Assert.Equal(["ok", "error", "denied", "timeout"], trail.Lines.Select(line => Json.Text(line, "status")));
        Assert.DoesNotContain("s3cret", trail.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ChatClient", "extensions-ai", null)]
    [InlineData("Agent", "agent-framework", "notes")]
    public async Task AModelsCalls_AreRecorded_WithNothingSetUp(string sample, string source, string? agent)
    {
        Assert.Equal("Your list says: buy milk\n", (await RunSampleAsync(sample)).Output);
        var lines = (await _home.RunAsync("tail", "--json")).Lines;
        Assert.Equal([("ReadNote", "ok"), ("DeleteNote", "error")], lines.Select(line => (Json.Text(line, "tool")!, Json.Text(line, "status")!)));
        Assert.All(lines, line => Assert.Equal((source, agent, Environment.UserName), (Json.Text(line, "source"), Json.Text(line, "agent"), Json.Text(line, "user"))));
        // Closed in good order: the next run has nothing to tell of.
        var verdict = await _home.RunAsync("verify");
        Assert.Equal((0, ""), (verdict.ExitCode, verdict.Errors));
    }

    [Fact]
    public async Task McpServerAndClient_RecordTheSameCall_EachAsItSeesIt()
    {
        Assert.Equal("buy milk\n", (await RunSampleAsync("McpClient", null, BuiltProgram.PathOf("McpServer"))).Output);
        var lines = (await _home.RunAsync("tail", "--json")).Lines;
        Assert.Equal(
            [("read_note", "mcp-server", "ok"), ("read_note", "mcp-client", "ok")],
            lines.Select(line => (Json.Text(line, "tool")!, Json.Text(line, "source")!, Json.Text(line, "status")!)));
    }

    [Fact]
    public async Task EmbeddedHook_TakesTwoEvents_AndRecordsOneCall()
    {
        const string Call = "\"session_id\":\"s\",\"tool_name\":\"Read\",\"tool_input\":{\"file_path\":\"a\"},\"tool_use_id\":\"t1\"";
        Assert.Equal("", (await RunSampleAsync("EmbeddedHook", input: $"{{\"hook_event_name\":\"PreToolUse\",{Call}}}")).Output);
        Assert.Equal("", (await RunSampleAsync("EmbeddedHook", input: $"{{\"hook_event_name\":\"PostToolUse\",{Call},\"tool_response\":\"hello\"}}")).Output);
        var row = Assert.Single((await _home.RunAsync("recent", "--json", "--user", "ann")).Lines, line => Json.Text(line, "status") == "ok");
        Assert.Equal(("Read", "claude-code", "t1", "hello"), (Json.Text(row, "tool"), Json.Text(row, "source"), Json.Text(row, "call_id"), Json.Text(row, "result_snippet")));
    }

    [Fact]
    public async Task FirstRecord_RecordsOneCall()
    {
        Assert.Equal("3\n", (await RunSampleAsync("FirstRecord")).Output);
        var line = Assert.Single((await _home.RunAsync("recent", "--json")).Lines);
        Assert.Equal(("add", "ok", "3"), (Json.Text(line, "tool"), Json.Text(line, "status"), Json.Text(line, "result_snippet")));
    }

    [Fact]
    public async Task RecordScript_StoresOneRecord()
    {
        var run = await _home.RunShellAsync($"TRAIL_USER=ann '{SourceTree.PathOf("samples", "record.sh")}'");
        Assert.Equal((0, "stored 1, refused 0\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal("uname", Json.Text(Assert.Single((await _home.RunAsync("recent", "--json", "--user", "ann")).Lines), "tool"));
    }

    private async Task<ToolRun> RunSampleAsync(string name, string? input = null, params string[] arguments)
    {
        await using var sample = ToolProcess.StartProgram(BuiltProgram.PathOf(name), arguments, environment: new Dictionary<string, string?> { ["TOOLTRAIL_HOME"] = _home.Path });
        var run = await sample.FinishAsync(input);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run;
    }
}
