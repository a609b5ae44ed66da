using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class RecentTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Recent_OfAllUsers_PrintsOneRowACallNewestFirst()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["recent", .. CliHome.AllDays]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Approved.Verify("recent", run.Output);
    }

    [Fact]
    public async Task Recent_Json_PrintsTheStoredLinesThemselves()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var stored = Directory.EnumerateFiles(_home.Path, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadAllLines);
        var run = await _home.RunAsync(["recent", "--json", .. CliHome.AllDays]);
        Assert.Equal(stored.OrderByDescending(line => line, StringComparer.Ordinal), run.Lines);
    }

    [Theory]
    [InlineData(new[] { "--user", "bob" }, 2)]
    [InlineData(new[] { "--tool", "*_file" }, 3)]
    [InlineData(new[] { "--status", "ok" }, 2)]
    [InlineData(new[] { "--user", "ann", "--tool", "read*", "--limit", "1" }, 1)]
    public async Task Recent_WithFilters_ShowsWhatMatches(string[] filter, int expected)
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["recent", "--json", .. filter, .. CliHome.AllDays]);
        Assert.Equal(expected, run.Lines.Count);
    }

    [Theory]
    [InlineData(200, "--user", "ann")]
    [InlineData(500)]
    [InlineData(600, "--limit", "12000")]
    public async Task Recent_WithoutLimit_Shows200OfAUserAnd500OfAll(int expected, params string[] options)
    {
        await _home.RecordAsync([.. Enumerable.Range(0, 600).Select(second => Calls.Ok(second))]);
        var run = await _home.RunAsync(["recent", "--json", .. options, .. CliHome.AllDays]);
        Assert.Equal(expected, run.Lines.Count);
        Assert.Contains("\"result_snippet\":\"599\"", run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recent_NothingThere_NamesTheHomeItLookedIn()
    {
        var people = await _home.RunAsync("recent", "--user", "ann", "--status", "error");
        Assert.Equal("No records with status 'error' of user 'ann' of the last 7 days in {home}\n", _home.Normalize(people.Output));
        var program = await _home.RunAsync("recent", "--json");
        Assert.Equal("", program.Output);
        Assert.Equal("No records of the last 7 days in {home}\n", _home.Normalize(program.Errors));
        Assert.Equal((0, 0), (people.ExitCode, program.ExitCode));
        Assert.False(Directory.Exists(_home.Path), "reading made the home");
    }

    [Fact]
    public async Task Recent_StartedAndEnded_IsOneRowForPeopleAndTwoLinesForPrograms()
    {
        const string Id = "019b0000-0000-7000-8000-0000000000aa";
        await _home.RecordAsync(
            $$"""{"ts":"2026-11-23T08:00:00.000Z","user":"ann","tool":"deploy","status":"started","id":"{{Id}}"}""",
            $$"""{"ts":"2026-11-23T08:00:02.000Z","user":"ann","tool":"deploy","status":"ok","id":"{{Id}}"}""");
        var people = await _home.RunAsync(["recent", .. CliHome.AllDays]);
        Assert.Equal(2, people.Lines.Count);
        Assert.DoesNotContain("started", people.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await _home.RunAsync(["recent", "--json", .. CliHome.AllDays])).Lines.Count);
    }

    [Fact]
    public async Task ACallThatAHookAndTheProxySaw_IsOneRowOfBoth()
    {
        const string Call = "\"session_id\":\"s\",\"tool_name\":\"mcp__notes__read_note\",\"tool_input\":{\"name\":\"todo.txt\"},\"tool_use_id\":\"toolu_1\"";
        await HookAsync($"{{\"hook_event_name\":\"PreToolUse\",{Call}}}");
        await using (var proxy = ToolProcess.Start(["proxy", "--home", _home.Path, "--user", "ann", "--", BuiltProgram.PathOf("McpServer")], environment: new Dictionary<string, string?> { ["TOOLTRAIL_HOME"] = _home.Path }))
        {
            await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"claude-code","version":"2"}}}""");
            await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
            await proxy.Input.WriteLineAsync(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_note","arguments":{"name":"todo.txt"},"_meta":{"claudecode/toolUseId":"toolu_1"}}}""");
            while (await proxy.ReadLineAsync() is { } line && !line.Contains("buy milk", StringComparison.Ordinal))
            {
            }

            Assert.Equal(0, (await proxy.FinishAsync()).ExitCode);
        }

        await HookAsync($"{{\"hook_event_name\":\"PostToolUse\",{Call},\"tool_response\":\"buy milk\"}}");

        // The server is a sample that records as its own user.
        var lines = (await _home.RunAsync("recent", "--user", "ann")).Lines;
        Assert.Equal(3, lines.Count);
        Assert.Contains("read_note (mcp-proxy)", lines[1], StringComparison.Ordinal);
        Assert.Contains("+ claude-code: mcp__notes__read_note", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("1 call ", (await _home.RunAsync("stats", "--user", "ann")).Output, StringComparison.Ordinal);

        async Task HookAsync(string input) =>
            Assert.Equal((0, ""), (await ToolProcess.RunAsync(["hook", "claude-code", "--user", "ann", "--home", _home.Path], input)) is var run ? (run.ExitCode, run.Output + run.Errors) : default);
    }

    [Theory]
    [InlineData("--days", "0", "--days must be from 1 to 36500, and is 0.")]
    [InlineData("--limit", "many", "--limit takes a whole number, and 'many' is none.")]
    [InlineData("--usr", "ann", "Unrecognized command or argument '--usr'.")]
    public async Task Recent_WrongOption_SaysSoAndExitsWith2(string option, string value, string message)
    {
        var run = await _home.RunAsync("recent", option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains("See 'tooltrail recent --help'.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recent_HomeOfANewerFormat_SaysSoAndExitsWith2()
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, ".tooltrail"));
        File.WriteAllText(Path.Combine(_home.Path, ".tooltrail", "format"), """{"format":2}""");
        var run = await _home.RunAsync("recent");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            "tooltrail: '{home}/.tooltrail/format' says format 2, and this build of ToolTrail knows format 1 alone: nothing was read or written. Use a newer build.\n",
            _home.Normalize(run.Errors));
    }

    [Fact]
    public async Task Recent_BrokenLinesBetweenRecords_ShowsTheRecordsAndCountsTheRest()
    {
        await _home.RecordAsync(Calls.Ok(0));
        File.AppendAllText(Path.Combine(_home.Path, "ann", "tool_audit", "2026-11-23.jsonl"), "{broken\n");
        var run = await _home.RunAsync(["recent", "--json", .. CliHome.AllDays]);
        Assert.Single(run.Lines);
        Assert.Equal((0, "1 line is no record and was skipped.\n"), (run.ExitCode, run.Errors));
    }
}
