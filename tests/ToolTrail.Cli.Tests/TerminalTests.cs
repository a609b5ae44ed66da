using System.Text.RegularExpressions;

namespace ToolTrail.Cli.Tests;

/// <summary>What a terminal gets, and what a pipe gets.</summary>
public sealed partial class TerminalTests : IDisposable
{
    private const char Escape = '\u001b';

    // What an agent might write to take over the terminal of whoever looks.
    private const string Hostile =
        """{"ts":"2026-11-23T08:00:00.000Z","user":"[red]ann[/]","tool":"\u001b]0;owned\u0007\u001b[2J","args":{"a":"\u009b31m\u202e"},"status":"ok","result":"one\ntwo\u001b[1A"}""";

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("recent --days 36500")]
    [InlineData("tail --days 36500")]
    public async Task Pipe_HostileRecord_IsPlainAndHarmless(string command)
    {
        await _home.RecordAsync(Hostile);
        var run = await _home.RunShellAsync($"tooltrail {command} | cat");
        Assert.Contains("[red]ann[/]", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"\u001B]0;owned\u0007\u001B[2J", run.Output, StringComparison.Ordinal);
        Assert.Contains(@"one\ntwo\u001B[1A", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output, symbol => symbol != '\n' && (char.IsControl(symbol) || symbol == '\u202e'));
        Assert.Equal(2, run.Lines.Count);
    }

    [Theory]
    [InlineData("recent --days 36500")]
    [InlineData("recent --days 36500 --json")]
    [InlineData("stats --days 36500")]
    public async Task Terminal_HostileRecord_LeavesOnlyOurOwnColours(string command)
    {
        await _home.RecordAsync(Hostile);
        var text = await OnTerminalAsync(command, 120);
        Assert.DoesNotContain(Escape, Colour().Replace(text, ""));
        Assert.DoesNotContain(text, symbol => symbol is '\u0007' or '\u009b' or '\u202e');
    }

    [Fact]
    public async Task Terminal_Recent_IsColouredByStatusAndCutToItsWidth()
    {
        await _home.RecordAsync([.. Calls.OfOneMorning, Calls.Ok(1, tool: new string('t', 300))]);
        var text = await OnTerminalAsync("recent --days 36500", 80);
        Assert.Matches(@"\e\[[0-9;]*m" + "denied", text);
        var lines = Colour().Replace(text, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.All(lines, line => Assert.True(line.TrimEnd('\r').Length <= 80, line));
        Assert.Contains("…", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipe_LongValues_AreNotCut()
    {
        var tool = new string('t', 400);
        await _home.RecordAsync(Calls.Ok(1, tool: tool));
        var run = await _home.RunShellAsync("tooltrail recent --days 36500 | cat");
        Assert.Contains(tool, run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Lines.Count);
    }

    [Theory]
    [InlineData("tooltrail recent --days 36500 --json | head -n 1")]
    [InlineData("tooltrail tail -f --days 36500 --json | head -n 1")]
    public async Task Pipe_WhoseReaderLeaves_EndsQuietly(string commandLine)
    {
        await _home.RecordAsync([.. Enumerable.Range(0, 400).Select(second => Calls.Ok(second))]);
        var run = await _home.RunShellAsync(commandLine);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Single(run.Lines);
    }

    // util-linux's script gives the tool a terminal.
    private async Task<string> OnTerminalAsync(string command, int columns)
    {
        var run = await _home.RunShellAsync($"script -qec 'stty cols {columns}; tooltrail {command}' /dev/null");
        Assert.Equal(0, run.ExitCode);
        return run.Output;
    }

    // Colours, and what the runtime sends to a terminal when it first looks at it.
    [GeneratedRegex(@"\e\[[0-9;]*m|\e\[\?1h\e=")]
    private static partial Regex Colour();
}
