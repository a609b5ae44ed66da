using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests;

/// <summary>Claude Code's hooks, with inputs as its documentation shows them.</summary>
[Capture("Claude Code hooks")]
public sealed class ClaudeCodeTests : IDisposable
{
    private const string Bash = """
        "tool_name":"Bash","tool_input":{"command":"npm test","description":"Run test suite"},"tool_use_id":"toolu_01ABC"
        """;

    private readonly Hooks _hooks = new("claude-code");

    public void Dispose() => _hooks.Dispose();

    [Fact]
    [Ending("ok")]
    public async Task BeforeAndAfter_AreOneCallWithADuration()
    {
        Assert.Equal("", await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}"));
        Assert.Equal(1, (await _hooks.Home.CountsAsync())["started"]);
        Assert.Equal("", await _hooks.RunAsync("PostToolUse", $$$"""{{{{Bash}}},"tool_response":{"stdout":"42 passed","stderr":"","interrupted":false}}"""));

        var (started, ended) = (_hooks.Records[0], _hooks.Records[1]);
        Assert.Equal((ToolCallStatus.Started, ToolCallStatus.Ok), (started.Status, ended.Status));
        Assert.Equal(started.Id, ended.Id);
        Assert.Equal(("Bash", "42 passed", "toolu_01ABC", "session-1"), (ended.Tool, ended.ResultSnippet, ended.CallId, ended.Session));
        Assert.Equal(("claude-code", "claude-code", "claude-code"), (ended.Source, ended.Agent, ended.Engine));
        Assert.Equal("""{"command":"npm test","description":"Run test suite"}""", Hooks.Text(ended.Arguments));
        Assert.InRange(ended.DurationMs!.Value, 0, 60_000);
        Assert.Equal([("ok", 1L)], (await _hooks.Home.CountsAsync()).Select(count => (count.Key, count.Value)));
    }

    [Fact]
    public async Task AnMcpTool_NamesItsServer()
    {
        await _hooks.RunAsync(
            "PostToolUse",
            """{"tool_name":"mcp__files__read_file","tool_input":{"path":"a"},"tool_use_id":"t","tool_response":[{"type":"text","text":"buy milk"}]}""");
        var record = Assert.Single(_hooks.Records);
        Assert.Equal(("mcp__files__read_file", "files", "buy milk"), (record.Tool, record.Server, record.ResultSnippet));
    }

    [Fact]
    public async Task AnMcpServersName_EndsAtTheFirstTwoUnderscores_AsTheHostReadsIt()
    {
        await _hooks.RunAsync("PostToolUse", """{"tool_name":"mcp__a__b__read","tool_input":{},"tool_use_id":"t","tool_response":"x"}""");
        Assert.Equal("a", Assert.Single(_hooks.Records).Server);
    }

    [Fact]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    public async Task AFailure_IsAnError()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUseFailure", $$"""{{{Bash}},"error":"Command exited with non-zero status code 1","is_interrupt":false}""");
        await _hooks.RunAsync("PostToolUse", """{"tool_name":"mcp__a__b","tool_input":{},"tool_use_id":"t2","tool_response":{"content":[{"type":"text","text":"quota"}],"isError":true}}""");
        Assert.Equal(
            [("Bash", "error", "Command exited with non-zero status code 1"), ("mcp__a__b", "error", "quota")],
            _hooks.Records.Where(record => record.Error is not null).Select(record => (record.Tool, record.Status.Value, record.Error!.Message!)));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task AnInterruptedCall_IsCancelled()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUseFailure", $$"""{{{Bash}},"error":"interrupted","is_interrupt":true}""");
        Assert.Equal((ToolCallStatus.Cancelled, "interrupted by the user"), (_hooks.Records[1].Status, _hooks.Records[1].Reason));
    }

    [Fact]
    [Ending("timed out")]
    public async Task ACommandThatTookTooLong_IsATimeout()
    {
        await _hooks.RunAsync("PostToolUseFailure", $$"""{{{Bash}},"error":"Command timed out after 2m 0.0s\nof a customer","is_interrupt":false}""");
        var record = Assert.Single(_hooks.Records);
        Assert.Equal((ToolCallStatus.Timeout, "the host's time limit", "Command timed out after 2m 0.0s\nof a customer"), (record.Status, record.Reason, record.Error?.Message));
    }

    [Fact]
    [Ending("timed out")]
    public async Task ACommandThatGoesOnInTheBackground_IsATimeout()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUse", $$$"""{{{{Bash}}},"tool_response":{"stdout":"so far","stderr":"","interrupted":false,"backgroundTaskId":"b1","timedOutAfterMs":500}}""");
        var record = _hooks.Records[^1];
        Assert.Equal((ToolCallStatus.Timeout, "so far"), (record.Status, record.ResultSnippet));
    }

    [Fact]
    public async Task ARuleThatIsWrittenForAServersTool_HoldsInTheHooksToo()
    {
        _hooks.Home.Configure("""{"policy":[{"name":"no-writes","effect":"deny","server":"*files*","tool":"write_*"}]}""");
        Assert.Contains("no-writes", await _hooks.RunAsync("PreToolUse", """{"tool_name":"mcp__files__write_file","tool_input":{},"tool_use_id":"t"}"""), StringComparison.Ordinal);
        Assert.Equal("", await _hooks.RunAsync("PreToolUse", """{"tool_name":"mcp__files__read_file","tool_input":{},"tool_use_id":"u"}"""));
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ADeniedCall_IsRefusedWithTheRulesReason()
    {
        _hooks.Home.Configure("""{"policy":[{"name":"no-shell","effect":"deny","tool":"Bash","reason":"Ask a person."}]}""");
        var answer = Hooks.Json(await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}")).GetProperty("hookSpecificOutput");
        Assert.Equal(("PreToolUse", "deny"), (answer.GetProperty("hookEventName").GetString(), answer.GetProperty("permissionDecision").GetString()));
        Assert.Contains("Ask a person.", answer.GetProperty("permissionDecisionReason").GetString(), StringComparison.Ordinal);
        var record = Assert.Single(_hooks.Records);
        Assert.Equal((ToolCallStatus.Denied, "no-shell"), (record.Status, record.Reason));
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task WhatAutoModeDenies_SaysWhoDecided()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PermissionDenied", $$"""{{{Bash}},"reason":"Auto mode denied: outside the project"}""");
        Assert.Equal((ToolCallStatus.Denied, "denied by auto mode", "Auto mode denied: outside the project"), (_hooks.Records[1].Status, _hooks.Records[1].Reason, _hooks.Records[1].Error?.Message));
        Assert.Equal(_hooks.Records[0].Id, _hooks.Records[1].Id);
    }

    [Fact]
    [Ending("rejected by a person")]
    [Ending("unknown tool")]
    public async Task WhatNoHookTells_IsReadFromTheTranscript_Once()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        var transcript = Transcript(
            Use("toolu_01ABC", "Bash", """{"command":"npm test","description":"Run test suite"}"""),
            Result("toolu_01ABC", "The user doesn't want to proceed with this tool use. The tool use was rejected."),
            Use("toolu_02", "Telepathy", """{"who":"ann"}"""),
            Result("toolu_02", "<tool_use_error>Error: No such tool available: Telepathy</tool_use_error>"),
            Use("toolu_03", "WebFetch", """{"url":"https://example.com"}"""),
            Result("toolu_03", "Permission to use WebFetch has been denied."),
            """{"type":"assistant","message":"no blocks"}""",
            "{ torn");
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        await _hooks.RunAsync("UserPromptSubmit", $$"""{"transcript_path":"{{transcript}}","prompt":"go on"}""");

        Assert.Equal(
            [
                ("Bash", "denied", "rejected by a person", null),
                ("Telepathy", "error", null, "unknown_tool"),
                ("WebFetch", "denied", "denied by a permission rule", "permission_denied"),
            ],
            _hooks.Records.Skip(1).Select(record => (record.Tool, record.Status.Value, record.Reason, record.Error?.Type)));
        Assert.Equal(_hooks.Records[0].Id, _hooks.Records[1].Id);
    }

    [Fact]
    public async Task WhatASubagentsTranscriptTells_IsRecordedWhenItStops()
    {
        var transcript = Transcript(Use("toolu_07", "WebFetch", "{}"), Result("toolu_07", "Permission to use WebFetch has been denied."));
        await _hooks.RunAsync("SubagentStop", $$"""{"transcript_path":"/nowhere","agent_transcript_path":"{{transcript}}","agent_type":"Explore"}""");
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        var record = Assert.Single(_hooks.Records);
        Assert.Equal(("WebFetch", "denied", "Explore"), (record.Tool, record.Status.Value, record.Agent));
    }

    [Fact]
    public async Task ATranscriptTakenUpUnderAnotherSession_IsNotRecordedAgain()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUse", $$"""{{{Bash}},"tool_response":"x"}""");
        var transcript = Transcript(
            Use("toolu_01ABC", "Bash", "{}"), Result("toolu_01ABC", "x"), Use("toolu_02", "Telepathy", "{}"), Result("toolu_02", "Error: No such tool available: Telepathy"));
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        await _hooks.RunAsync("Stop", $$"""{"session_id":"forked","transcript_path":"{{transcript}}"}""");
        Assert.Equal(["Bash started", "Bash ok", "Telepathy error"], _hooks.Home.Outcomes());
    }

    [Fact]
    public async Task ACallOfATranscriptThatCannotBeTakenAsItIs_KeepsNoOtherFromTheTrail()
    {
        var ahead = TimeProvider.System.GetUtcNow().AddHours(2);
        var transcript = Transcript(
            Use("toolu_1", "tooltrail.gap", "{}"),
            Result("toolu_1", "Error: No such tool available: tooltrail.gap"),
            Use("toolu_2", "Bash", "{}"),
            Result("toolu_2", "The user doesn't want to proceed with this tool use.", ahead),
            Use("toolu_3", "Write", "{}"),
            Result("toolu_3", "The user doesn't want to proceed with this tool use."));
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        Assert.Equal(["_tooltrail.gap error", "Bash denied", "Write denied"], _hooks.Home.Outcomes());
        Assert.All(_hooks.Records, record => Assert.True(record.Timestamp < ahead));
    }

    [Fact]
    public async Task ACallOfATranscriptThatCannotBeWritten_KeepsNoOtherFromTheTrail_AndIsTold()
    {
        _hooks.Home.Configure("""{"delivery":{"mode":"durable","onFailure":"refuse"}}""");
        var yesterday = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddSeconds(-1);
        // Where yesterday's file would be.
        Directory.CreateDirectory(Path.Combine(_hooks.Home.Path, "ada", "tool_audit", $"{yesterday:yyyy-MM-dd}.jsonl"));
        var transcript = Transcript(
            Use("toolu_1", "Write", "{}"),
            Result("toolu_1", "The user doesn't want to proceed with this tool use.", yesterday),
            Use("toolu_2", "Bash", "{}"),
            Result("toolu_2", "The user doesn't want to proceed with this tool use."));
        var (exitCode, answer, errors) = await _hooks.TryAsync(_hooks.Input("Stop", $$"""{"transcript_path":"{{transcript}}"}"""));
        Assert.Equal((HookCommand.Failed, ""), (exitCode, answer));
        Assert.Contains("could not be written", errors, StringComparison.Ordinal);
        Assert.Contains("Bash denied", ReadToday());

        List<string> ReadToday() => [.. File.ReadLines(Path.Combine(_hooks.Home.Path, "ada", "tool_audit", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}.jsonl"))
            .Select(line => Hooks.Json(line)).Select(record => $"{record.GetProperty("tool")} {record.GetProperty("status")}")];
    }

    [Fact]
    public async Task ACallOfATool_ThatIsNotRecorded_IsNotLookedFor()
    {
        _hooks.Home.Configure("""{"levels":[{"tool":"Bash","level":"none"}]}""");
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUse", $$"""{{{Bash}},"tool_response":"x"}""");
        Assert.Empty(_hooks.Records);
    }

    [Fact]
    public async Task TextThatIsNone_IsTakenAsFarAsItGoes()
    {
        const string call = """ "tool_name":"Bash","tool_input":{"command":"echo \ud83d"},"tool_use_id":"t\udc00" """;
        Assert.Equal((0, "", ""), await _hooks.TryAsync($$"""{"hook_event_name":"PreToolUse","session_id":"s\ud83d",{{call}}}"""));
        Assert.Equal((0, "", ""), await _hooks.TryAsync(
            $$"""{"hook_event_name":"Stop","hook_event_name":"PostToolUse","session_id":"s\ud83d",{{call}},"x\ud83d":1,"tool_response":{"stdout":"abc\ud83d"} }"""));
        var (started, ended) = (_hooks.Records[0], _hooks.Records[1]);
        Assert.Equal((started.Id, "abc\uFFFD", "t\uFFFD", "s\uFFFD"), (ended.Id, ended.ResultSnippet, ended.CallId, ended.Session));

        var transcript = Transcript(Use("toolu_8", "Bash", "{}"), Result("toolu_8", "Error: \\ud83d"));
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        Assert.Equal("Error: \uFFFD", _hooks.Records[2].Error?.Message);
    }

    [Fact]
    public async Task OldTurnsOfATranscript_AreNotRecordedAgain()
    {
        var transcript = Transcript(
            Use("toolu_00", "Bash", "{}", TimeProvider.System.GetUtcNow().AddDays(-9)),
            Result("toolu_00", "The user doesn't want to proceed with this tool use.", TimeProvider.System.GetUtcNow().AddDays(-9)));
        await _hooks.RunAsync("Stop", $$"""{"transcript_path":"{{transcript}}"}""");
        Assert.Empty(_hooks.Records);
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task ACallOfASessionThatIsGone_StaysWithoutOutcome_UntilTheSessionEnds()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        Assert.Equal(1, (await _hooks.Home.CountsAsync())["started"]);
        await _hooks.RunAsync("SessionEnd", """{"reason":"exit"}""");
        Assert.Equal((ToolCallStatus.Cancelled, "the session ended before the call did"), (_hooks.Records[1].Status, _hooks.Records[1].Reason));
    }

    [Fact]
    public async Task TheEndOfASession_EndsTheHostsOwnCallsOfThatSessionAlone()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await using (var recorder = _hooks.Home.Recorder())
            await recorder.BeginAsync(new ToolCallRecord { User = "ada", Tool = "read", Session = "session-1", Source = "mcp-proxy" }, DeliveryMode.WriteAhead, TestContext.Current.CancellationToken);
        await _hooks.RunAsync("SessionEnd", """{"session_id":"session-2"}""");
        Assert.Equal((0, "", ""), await _hooks.TryAsync("""{"hook_event_name":"SessionEnd"}"""));
        Assert.Equal(["Bash started", "read started"], _hooks.Home.Outcomes());
        await _hooks.RunAsync("SessionEnd", "{}");
        Assert.Equal(["Bash started", "read started", "Bash cancelled"], _hooks.Home.Outcomes());
    }

    [Fact]
    public async Task AnOutcomeThatIsToldTwice_IsRecordedOnce()
    {
        await _hooks.RunAsync("PreToolUse", $"{{{Bash}}}");
        await _hooks.RunAsync("PostToolUse", $$"""{{{Bash}},"tool_response":"x"}""");
        await _hooks.RunAsync("PostToolUse", $$"""{{{Bash}},"tool_response":"x"}""");
        Assert.Equal(["Bash started", "Bash ok"], _hooks.Home.Outcomes());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task InputThatIsNone_IsToldAndKeepsNothingFromRunning(string input)
    {
        var (exitCode, answer, errors) = await _hooks.TryAsync(input);
        Assert.Equal((HookCommand.Failed, ""), (exitCode, answer));
        Assert.Contains("The hook's input is not", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherEvents_AreNoCalls()
    {
        Assert.Equal("", await _hooks.RunAsync("Notification", """{"message":"idle"}"""));
        Assert.Empty(_hooks.Records);
    }

    [Fact]
    public async Task Secrets_AreInNoFile()
    {
        var input = """{"tool_name":"Bash","tool_input":{"command":"curl -H 'Authorization: Bearer hunter2hunter2hunter2'"},"tool_use_id":"t"}""";
        await _hooks.RunAsync("PreToolUse", input);
        await _hooks.RunAsync("PostToolUse", input);
        foreach (var file in Directory.EnumerateFiles(_hooks.Home.Path, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hunter2hunter2", File.ReadAllText(file), StringComparison.Ordinal);
    }

    private static string Use(string id, string tool, string input, DateTimeOffset? time = null) =>
        $$$"""{"type":"assistant","timestamp":"{{{Stamp(time)}}}","message":{"role":"assistant","content":[{"type":"tool_use","id":"{{{id}}}","name":"{{{tool}}}","input":{{{input}}}}]}}""";

    private static string Result(string id, string error, DateTimeOffset? time = null) =>
        $$$"""{"type":"user","timestamp":"{{{Stamp(time)}}}","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{id}}}","is_error":true,"content":"{{{error}}}"}]}}""";

    private static string Stamp(DateTimeOffset? time) => (time ?? TimeProvider.System.GetUtcNow()).ToString("O");

    private string Transcript(params string[] lines)
    {
        var path = _hooks.Home.Beside("transcript.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }
}
