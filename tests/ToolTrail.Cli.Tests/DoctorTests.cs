using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Doctor_NoHomeYet_SaysSoAndMakesNone()
    {
        var run = await _home.RunAsync("doctor");
        Assert.Equal(0, run.ExitCode);
        Approved.Verify("doctor-new", Normalize(run.Output));
        Assert.False(Directory.Exists(_home.Path));
    }

    [Fact]
    public async Task Doctor_HomeInUse_FindsNothingWrong()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync("doctor");
        Assert.Equal(0, run.ExitCode);
        Approved.Verify("doctor-good", Normalize(run.Output));
    }

    [Fact]
    public async Task Doctor_EverythingWrong_NamesEachAndExitsWith1()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        File.WriteAllText(Path.Combine(_home.Path, ".tooltrail", "config.json"), "{ not json");
        await _home.RunShellAsync("chmod o+r \"$TOOLTRAIL_HOME/bob\"");

        // Holds the lock of ann's folder until its input ends.
        var audit = Path.Combine(_home.Path, "ann", "tool_audit");
        await using var holder = ToolProcess.StartProgram("flock", ["-x", audit, "sh", "-c", "echo held; cat"]);
        Assert.Equal("held", await holder.ReadLineAsync());
        var run = await _home.RunAsync("doctor");
        Assert.Equal(1, run.ExitCode);
        Approved.Verify("doctor-wrong", Normalize(run.Output));
    }

    [Fact]
    public async Task Doctor_SigningKeyGone_SaysSo()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        File.Delete(Path.Combine(_home.Path, ".tooltrail", "signing.key"));
        var run = await _home.RunAsync("doctor");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"WRONG\s+Seals\s+The signing key .* is gone", run.Output);
    }

    [Fact]
    public async Task Doctor_Agents_SaysWhichAreConnected_AndWhenEachWasHeardLast()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        foreach (var file in new[] { ".claude/settings.json", ".gemini/settings.json", ".cursor/mcp.json", ".config/Code/User/mcp.json" })
        {
            var path = Path.Combine(_home.Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Contains("Code", StringComparison.Ordinal) ? "[1" : "{}");
        }

        await _home.RunAsync("connect", "claude-code");
        await _home.RunAsync("connect", "gemini");
        await _home.RecordAsync("""{"user":"ann","tool":"Bash","status":"ok","source":"claude-code"}""");

        var run = await _home.RunAsync("doctor");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"Claude Code\s+connected; last heard \S+ \S+, Bash\n", run.Output);
        Assert.Matches(@"Gemini CLI\s+connected; not heard in the last 30 days\n", run.Output);
        Assert.Matches(@"Cursor\s+is not connected: its calls are not recorded\n.*tooltrail connect cursor\n", run.Output);
        Assert.Matches(@"VS Code\s+\S+/mcp.json cannot be read\n", run.Output);
        Assert.DoesNotContain("Claude Desktop", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_BeforeAnythingIsRecorded_SaysWhichAgentsAreConnected()
    {
        await _home.RunAsync("connect", "claude-code");
        Directory.CreateDirectory(Path.Combine(_home.Folder, ".gemini"));
        File.WriteAllText(Path.Combine(_home.Folder, ".gemini", "settings.json"), "{}");
        var run = await _home.RunAsync("doctor");
        Assert.Matches(@"Claude Code\s+connected; not heard in the last 30 days\n", run.Output);
        Assert.Matches(@"Gemini CLI\s+is not connected", run.Output);
        Assert.False(Directory.Exists(_home.Path));
    }

    [Fact]
    public async Task Doctor_AConfigurationThatCannotBeRead_KeepsNoOtherFromBeingLookedAt()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        Directory.CreateDirectory(Path.Combine(_home.Folder, ".claude"));
        File.CreateSymbolicLink(Path.Combine(_home.Folder, ".claude", "settings.json"), Path.Combine(_home.Folder, "nothing"));
        Directory.CreateDirectory(Path.Combine(_home.Folder, ".cursor"));
        File.WriteAllText(Path.Combine(_home.Folder, ".cursor", "mcp.json"), """{"mcpServers":{"a":{"command":"tooltrail","args":["proxy","--user","ann","--","a"]}}}""");

        var run = await _home.RunAsync("doctor");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"Claude Code\s+\S+/settings.json cannot be read\n", run.Output);
        // By hand is as good as by 'connect'.
        Assert.Matches(@"Cursor\s+connected; not heard in the last 30 days\n", run.Output);
    }

    private string Normalize(string text)
    {
        text = System.Text.RegularExpressions.Regex.Replace(_home.Normalize(text), @"\d+\.\d ms", "{time} ms");
        return System.Text.RegularExpressions.Regex.Replace(text, @"[\d.]+ [GM]B free", "{size} free");
    }
}
