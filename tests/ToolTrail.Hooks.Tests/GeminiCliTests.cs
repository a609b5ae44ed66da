using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests;

/// <summary>Gemini CLI's hooks, with inputs as its documentation shows them.</summary>
[Capture("Gemini CLI hooks")]
public sealed class GeminiCliTests : IDisposable
{
    private readonly Hooks _hooks = new("gemini-cli");

    public void Dispose() => _hooks.Dispose();

    [Fact]
    [Ending("ok")]
    public async Task BeforeAndAfter_AreOneCall_ThoughTheHostNamesNoId()
    {
        // Two calls of one tool side by side, told apart by what they are called with; the secrets in them are not stored.
        await _hooks.RunAsync("BeforeTool", """{"tool_name":"read_file","tool_input":{"path":"a","token":"x"}}""");
        await _hooks.RunAsync("BeforeTool", """{"tool_name":"read_file","tool_input":{"path":"b","token":"y"}}""");
        await _hooks.RunAsync("AfterTool", """{"tool_name":"read_file","tool_input":{"path":"a","token":"x"},"tool_response":{"llmContent":"of a"}}""");
        await _hooks.RunAsync("AfterTool", """{"tool_name":"read_file","tool_input":{"path":"b","token":"y"},"tool_response":{"llmContent":[{"text":"of b"}]}}""");
        var records = _hooks.Records;
        Assert.Equal(["started", "started", "ok", "ok"], records.Select(record => record.Status.Value));
        Assert.Equal((records[0].Id, records[1].Id), (records[2].Id, records[3].Id));
        Assert.Equal(("of a", "of b", "gemini-cli"), (records[2].ResultSnippet, records[3].ResultSnippet, records[3].Source));
    }

    [Fact]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    public async Task AnError_IsAnError()
    {
        await _hooks.RunAsync(
            "AfterTool", """{"tool_name":"run_shell_command","tool_input":{},"tool_response":{"llmContent":"no such file","error":{"type":"shell_execute_error","message":"exit code 1"}}}""");
        var record = Assert.Single(_hooks.Records);
        Assert.Equal(("error", "shell_execute_error", "exit code 1"), (record.Status.Value, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ADeniedCall_IsRefusedWithTheRulesReason()
    {
        _hooks.Home.Configure("""{"policy":[{"name":"no-shell","effect":"deny","tool":"run_shell_command","reason":"Ask a person."}]}""");
        var answer = Hooks.Json(await _hooks.RunAsync("BeforeTool", """{"tool_name":"run_shell_command","tool_input":{"command":"rm"}}"""));
        Assert.Equal("deny", answer.GetProperty("decision").GetString());
        Assert.Contains("Ask a person.", answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(["run_shell_command denied"], _hooks.Home.Outcomes());
    }

    [Fact]
    [Ending("crashed in between")]
    [Ending("cancelled")]
    public async Task ACallWithoutOutcome_IsShownSo_UntilTheSessionEnds()
    {
        await _hooks.RunAsync("BeforeTool", """{"tool_name":"read_file","tool_input":{"path":"a"}}""");
        Assert.Equal(1, (await _hooks.Home.CountsAsync())["started"]);
        await _hooks.RunAsync("SessionEnd", """{"reason":"exit"}""");
        Assert.Equal(["read_file started", "read_file cancelled"], _hooks.Home.Outcomes());
    }

    [Fact]
    public async Task AnMcpTool_NamesItsServer()
    {
        await _hooks.RunAsync("AfterTool", """{"tool_name":"mcp_files_read","tool_input":{},"mcp_context":{"server_name":"files"},"tool_response":{"llmContent":"x"}}""");
        Assert.Equal("files", Assert.Single(_hooks.Records).Server);
    }
}
