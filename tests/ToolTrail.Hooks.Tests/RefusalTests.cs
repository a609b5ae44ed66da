using System.Text;

namespace ToolTrail.Hooks.Tests;

/// <summary>What is denied does not run, whatever else goes wrong.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string NoShell = """{"policy":[{"name":"no-shell","effect":"deny","tool":"Bash","reason":"Ask a person."}]}""";
    private const string NoRule = """{"policy":[{"name":"all","effect":"allow"}]}""";
    private const string Call = """{"tool_name":"Bash","tool_input":{"command":"rm"},"tool_use_id":"t"}""";

    private readonly Hooks _claude = new("claude-code");
    private readonly Hooks _gemini = new("gemini-cli");

    public void Dispose()
    {
        _claude.Dispose();
        _gemini.Dispose();
    }

    [Fact]
    public async Task ADeniedCallThatCannotBeWritten_IsRefused_AndTold()
    {
        foreach (var (hooks, before) in new[] { (_claude, "PreToolUse"), (_gemini, "BeforeTool") })
        {
            hooks.Home.Configure(NoShell);
            // The user's folder cannot be made.
            await File.WriteAllTextAsync(Path.Combine(hooks.Home.Path, "ada"), "", TestContext.Current.CancellationToken);
            var (exitCode, answer, errors) = await hooks.TryAsync(hooks.Input(before, Call));
            Assert.Equal(HookCommand.Done, exitCode);
            AssertRefused(answer, "Ask a person.");
            Assert.StartsWith("tooltrail: the call could not be recorded: ", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnAllowedCallThatCannotBeWritten_IsTold_AndRuns()
    {
        _claude.Home.Configure(NoShell.Replace("Bash", "Write", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_claude.Home.Path, "ada"), "", TestContext.Current.CancellationToken);
        var (exitCode, answer, errors) = await _claude.TryAsync(_claude.Input("PreToolUse", Call));
        Assert.Equal((HookCommand.Failed, ""), (exitCode, answer));
        Assert.StartsWith("tooltrail: the call could not be recorded: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_MayNestAsDeepAsTheyLike()
    {
        var nested = $"{{\"a\":{new string('[', 100_000)}{new string(']', 100_000)}}}";
        string Input(string hookEvent) =>
            $$"""{"hook_event_name":"{{hookEvent}}","session_id":"s","tool_name":"Bash","tool_use_id":"t","tool_input":{{nested}},"tool_response":{{nested}}}""";
        Assert.Equal((HookCommand.Done, "", ""), await _claude.TryAsync(Input("PreToolUse")));
        Assert.Equal((HookCommand.Done, "", ""), await _claude.TryAsync(Input("PostToolUse")));
        Assert.Equal(["Bash started", "Bash ok"], _claude.Home.Outcomes());
        _claude.Home.Configure(NoShell);
        AssertRefused((await _claude.TryAsync(Input("PreToolUse"))).Answer, "Ask a person.");
    }

    [Theory]
    [InlineData("not json", NoShell, true)]
    [InlineData("", NoShell, true)]
    [InlineData("[]", NoShell, true)]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"Ba""", NoShell, true)]
    [InlineData("""{"tool_name":"Bash"}, {"hook_event_name":"PreToolUse"}""", NoShell, true)]
    [InlineData("""{"hook_event_name":"PostToolUse","tool_name":"Ba""", NoShell, false)]
    [InlineData("not json", NoRule, false)]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"Ba""", "{}", false)]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"Bash"}""", """{"policy":[{"nme":"x"}]}""", true)]
    [InlineData("""{"hook_event_name":"PreToolUse","tool_name":"Bash"}""", "{ torn", true)]
    [InlineData("""{"hook_event_name":"PostToolUse","tool_name":"Bash"}""", "{ torn", false)]
    public async Task WhereThePolicyCannotBeAsked_WhatItMightDenyIsRefused(string input, string configuration, bool refused)
    {
        _claude.Home.Configure(configuration);
        var (exitCode, answer, errors) = await _claude.TryAsync(input);
        Assert.StartsWith("tooltrail: the call could not be recorded: ", errors, StringComparison.Ordinal);
        Assert.Equal(refused ? HookCommand.Done : HookCommand.Failed, exitCode);
        if (refused)
            AssertRefused(answer, "policy could not be asked");
        else
            Assert.Equal("", answer);
    }

    [Theory]
    [InlineData("""{"delivery":{"onFailure":"refuse"}}""", "{\"tool_name\":\"Bash\"}", true)]
    [InlineData("""{"delivery":{"rules":[{"tool":"Ba*","onFailure":"refuse"}]}}""", "{\"tool_name\":\"Bash\"}", true)]
    [InlineData("""{"delivery":{"rules":[{"tool":"Ba*","onFailure":"refuse"}]}}""", "{\"tool_name\":\"Read\"}", false)]
    [InlineData("""{"delivery":{"onFailure":"refuse","rules":[{"tool":"Read","onFailure":"continue"}]}}""", "{\"tool_name\":\"Read\"}", false)]
    [InlineData("""{"delivery":{"onFailure":"refuse"}}""", "{}", true)]
    [InlineData("""{"delivery":{"onFailure":"refuse"},"levels":[{"tool":"Bash","level":"none"}]}""", "{\"tool_name\":\"Bash\"}", false)]
    [InlineData("{}", "{\"tool_name\":\"Bash\"}", false)]
    public async Task WhereTheHomeCannotBeOpened_WhatMayNotRunUnrecordedIsRefused(string configuration, string call, bool refused)
    {
        foreach (var (hooks, before, after) in new[] { (_claude, "PreToolUse", "PostToolUse"), (_gemini, "BeforeTool", "AfterTool") })
        {
            hooks.Home.Configure(configuration);
            await File.WriteAllTextAsync(Path.Combine(hooks.Home.Path, ".tooltrail", "digest.key"), "short", TestContext.Current.CancellationToken);
            var (exitCode, answer, errors) = await hooks.TryAsync(hooks.Input(before, call));
            Assert.Contains("digest.key", errors, StringComparison.Ordinal);
            Assert.Equal(refused ? HookCommand.Done : HookCommand.Failed, exitCode);
            if (refused)
                AssertRefused(answer, "it could not be recorded");
            else
                Assert.Equal("", answer);
            (exitCode, answer, _) = await hooks.TryAsync(hooks.Input(after, call));
            Assert.Equal((HookCommand.Failed, ""), (exitCode, answer));
        }
    }

    [Fact]
    public async Task AUserWhoIsReserved_IsNoWayRoundThePolicy()
    {
        _claude.Home.Configure(NoShell);
        using var output = new MemoryStream();
        var input = new MemoryStream(Encoding.UTF8.GetBytes(_claude.Input("PreToolUse", Call)));
        Assert.Equal(HookCommand.Done, await HookCommand.RunAsync(HookHost.Find("claude-code")!, _claude.Home.Path, "tooltrail", input, output, TextWriter.Null));
        AssertRefused(Encoding.UTF8.GetString(output.ToArray()), "reserved");
    }

    private static void AssertRefused(string answer, string why)
    {
        var json = Hooks.Json(answer);
        var (decision, reason) = json.TryGetProperty("hookSpecificOutput", out var claude)
            ? (claude.GetProperty("permissionDecision").GetString(), claude.GetProperty("permissionDecisionReason").GetString())
            : (json.GetProperty("decision").GetString(), json.GetProperty("reason").GetString());
        Assert.Equal("deny", decision);
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }
}
