using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests;

/// <summary>The program that hosts start.</summary>
public sealed class HookProcessTests : IDisposable
{
    private static readonly string Program = BuiltProgram.PathOf("ToolTrail.Hook", "tooltrail-hook");

    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ACall_IsOnDiskAndSigned_WhenTheProcessIsGone()
    {
        const string call = """ "session_id":"s","tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"t" """;
        await RunAsync(0, $$"""{"hook_event_name":"PreToolUse",{{call}}}""", "claude-code", "--home", _home.Path, "--user", "ada");
        await RunAsync(0, $$"""{"hook_event_name":"PostToolUse","tool_response":"a b",{{call}}}""", "claude-code", "--home", _home.Path, "--user", "ada");
        Assert.Equal(["Bash started", "Bash ok"], _home.Outcomes());
        Assert.Single(Directory.GetFiles(Path.Combine(_home.Path, "ada", "tool_audit"), "*.checkpoint"));
    }

    [Fact]
    public async Task CallsThatLookAlikeAndEndAtOneTime_EachGetTheirOutcome()
    {
        const string call = """ "session_id":"s","tool_name":"read_file","tool_input":{"path":"a"} """;
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 3; i++)
                await RunAsync(0, $$"""{"hook_event_name":"BeforeTool",{{call}}}""", "gemini-cli", "--home", _home.Path, "--user", "ada");
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
                RunAsync(0, $$"""{"hook_event_name":"AfterTool","tool_response":{"llmContent":"x"},{{call}}}""", "gemini-cli", "--home", _home.Path, "--user", "ada")));
            Assert.Equal([("ok", 3L * (round + 1))], (await _home.CountsAsync()).Select(count => (count.Key, count.Value)));
        }
    }

    [Fact]
    public async Task AHomeThatCannotBeFound_RefusesTheCall_SinceNobodyKnowsThePolicy()
    {
        await using var process = ToolProcess.StartProgram(Program, ["claude-code"], environment: new Dictionary<string, string?> { ["TOOLTRAIL_HOME"] = "not/absolute" });
        var run = await process.FinishAsync("""{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash","tool_input":{},"tool_use_id":"t"}""");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"deny\"", run.Output, StringComparison.Ordinal);
        Assert.NotEmpty(run.Errors);
    }

    [Theory]
    [InlineData()]
    [InlineData("emacs")]
    [InlineData("claude-code", "--frobnicate")]
    public async Task AWrongCommandLine_SaysHowItGoes(params string[] arguments)
    {
        var run = await RunAsync(1, "{}", arguments);
        Assert.Contains("Usage: tooltrail-hook HOST", run.Errors, StringComparison.Ordinal);
    }

    private static async Task<ToolRun> RunAsync(int exitCode, string input, params string[] arguments)
    {
        await using var process = ToolProcess.StartProgram(Program, arguments);
        var run = await process.FinishAsync(input);
        Assert.Equal(exitCode, run.ExitCode);
        return run;
    }
}
