using System.Text.RegularExpressions;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>Verifying, proving and erasing, as people type it.</summary>
public sealed partial class ProofTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Verify_NothingRecorded_SaysSo()
    {
        var run = await _home.RunAsync("verify");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("There is nothing to verify", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await _home.RunAsync("head")).ExitCode);
        Assert.False(Directory.Exists(_home.Path));
    }

    [Fact]
    public async Task Record_InGoodOrder_LeavesEverythingSealed()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync("verify");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Approved.Verify("verify-good", run.Output);
    }

    [Fact]
    public async Task Verify_SomethingChanged_NamesItAndExitsWith1()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var file = Directory.GetFiles(Path.Combine(_home.Path, "ann", "tool_audit"), "*.jsonl").Single();
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        lines[1] = lines[1].Replace("\"tool\":\"", "\"tool\":\"x", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, string.Concat(lines.Select(line => line + "\n")), TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(_home.Path, "bob"), recursive: true);

        var run = await _home.RunAsync("verify");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        Approved.Verify("verify-found", run.Output);
        run = await _home.RunAsync("verify", "--json");
        Assert.Equal(1, run.ExitCode);
        Approved.Verify("verify-json", Normalize(run.Output));
    }

    [Theory]
    [InlineData("has no user 'anne'", "--user", "anne")]
    [InlineData("--from is after --to", "--from", "2026-03-31", "--to", "2026-03-01")]
    public async Task Verify_OfNothingBySlip_DoesNotPass(string error, params string[] arguments)
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["verify", .. arguments]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(error, run.Errors, StringComparison.Ordinal);
        // A day on which nobody worked is none.
        Assert.Equal(0, (await _home.RunAsync("verify", "--to", "2001-01-01")).ExitCode);
    }

    [Fact]
    public async Task Proof_OfALine_HoldsForThatLineAlone()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var file = Directory.GetFiles(Path.Combine(_home.Path, "ann", "tool_audit"), "*.jsonl").Single();
        var day = Path.GetFileNameWithoutExtension(file);
        var run = await _home.RunShellAsync(
            $"tooltrail keys verifier > keys.txt && tooltrail prove --user ann --day {day} --line 1 > line.proof && sed -n 2p '{file}' | tooltrail verify-proof line.proof --key keys.txt --line -");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches("^The line is number 1 of the [0-9]+ lines of '.*/ann/", run.Output);
        run = await _home.RunShellAsync($"sed -n 1p '{file}' | tooltrail verify-proof line.proof --key keys.txt --line -");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tooltrail: The line is not number 1", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await _home.RunAsync("prove", "--user", "ann", "--day", day, "--line", "9999")).ExitCode);
        Assert.Equal(2, (await _home.RunAsync("prove", "--user", "ann", "--day", day, "--line", "-1")).ExitCode);
    }

    [Fact]
    public async Task RotatedKey_KeepsWhatWasSignedBefore()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunShellAsync("tooltrail keys verifier > old.txt && tooltrail head > kept.head && tooltrail keys rotate-signing > new.txt && tooltrail keys verifier | wc -l");
        Assert.Equal((0, "2\n", ""), (run.ExitCode, run.Output.TrimStart(), run.Errors));
        await _home.RecordAsync("""{"user":"ann","tool":"later","status":"ok"}""");
        foreach (var key in new[] { "old.txt", "new.txt" })
        {
            run = await _home.RunShellAsync($"tooltrail verify --key {key} --trusted-head kept.head");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        }
    }

    [Fact]
    public async Task ProofFromBeforeARotation_IsRefusedUntilItIsMadeAgain()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var file = Directory.GetFiles(Path.Combine(_home.Path, "ann", "tool_audit"), "*.jsonl").Single();
        var prove = $"tooltrail prove --user ann --day {Path.GetFileNameWithoutExtension(file)} --line 1 > line.proof";
        var check = $"sed -n 2p '{file}' | tooltrail verify-proof line.proof --key keys.txt --line -";
        var run = await _home.RunShellAsync($"{prove} && tooltrail keys rotate-signing > new.txt && tooltrail keys verifier > keys.txt && {check}");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("a key that was retired", run.Errors, StringComparison.Ordinal);
        run = await _home.RunShellAsync($"{prove} && {check}");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Theory]
    [InlineData("verifier")]
    [InlineData("rotate-signing")]
    public async Task Keys_OfAHomeThatIsNotThere_MakeNone(string command)
    {
        var run = await _home.RunAsync("keys", command);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tooltrail: No trail was ever written in", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("Is --home right?\n", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.Path));
    }

    [Fact]
    public async Task Erase_ACall_LeavesATrailThatVerifies()
    {
        await _home.RecordAsync("""{"id":"c1","user":"ann","tool":"t","status":"ok","args":{"note":"very-private"}}""", """{"id":"c2","user":"ann","tool":"t","status":"ok"}""");
        Assert.Equal(2, (await _home.RunAsync("erase", "--user", "ann", "--id", "c1", "--reason", "request 17")).ExitCode);
        var tooLong = await _home.RunAsync("erase", "--user", "ann", "--id", "c1", "--reason", new string('x', 70_000), "--yes");
        Assert.Equal((2, "tooltrail: --reason has 70000 characters, and may have 1000: say it shorter.\n"), (tooLong.ExitCode, tooLong.Errors));
        var run = await _home.RunAsync("erase", "--user", "ann", "--id", "c1", "--reason", "request 17", "--yes");
        Assert.Equal((0, "Erased 1 line.\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal(1, (await _home.RunShellAsync("grep -r very-private \"$TOOLTRAIL_HOME\"")).ExitCode);
        run = await _home.RunAsync("verify");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("line 0 erased on .*: request 17", run.Output);
        await _home.RecordAsync("""{"user":"bob","tool":"t","status":"ok"}""", """{"user":"bob","tool":"t","status":"ok"}""");
        run = await _home.RunAsync("erase", "--user", "bob", "--from", "2026-01-01", "--reason", "request 18", "--yes");
        Assert.Equal("Erased 2 lines in 1 file.\n", run.Output);
    }

    private static string Normalize(string text) => InstallationPattern().Replace(RootPattern().Replace(text, "\"root\":\"{root}\""), "\"installation\":\"{installation}\"");

    [GeneratedRegex("\"root\":\"[^\"]*\"")]
    private static partial Regex RootPattern();

    [GeneratedRegex("\"installation\":\"[^\"]*\"")]
    private static partial Regex InstallationPattern();
}
