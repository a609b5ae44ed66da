using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary><c>policy test</c> says what would happen to a call, and why.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly CliHome _home = new();

    public PolicyTests()
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, ".tooltrail"));
        File.WriteAllText(
            Path.Combine(_home.Path, ".tooltrail", "config.json"),
            """
            {
              "policy": [
                { "name": "release-team", "effect": "allow", "user": "rel-*", "tool": "deploy*" },
                { "name": "no-deploys", "effect": "deny", "tool": "deploy*", "reason": "Only the release team deploys." }
              ],
              "levels": [ { "tool": "ping", "level": "none" }, { "tool": "deploy", "level": "arguments" } ],
              "delivery": { "rules": [ { "tool": "deploy", "mode": "writeAhead" } ] }
            }
            """);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Denied_SaysByWhichRuleAndWhichCameBefore_AndExitsWith1()
    {
        var run = await _home.RunAsync("policy", "test", "--user", "ann", "--tool", "deploy");
        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
        Approved.Verify("policy-denied", run.Output);
    }

    [Fact]
    public async Task Allowed_SaysByWhichRule()
    {
        var run = await _home.RunAsync("policy", "test", "--user", "rel-bot", "--tool", "deploy");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Approved.Verify("policy-allowed", run.Output);
    }

    [Fact]
    public async Task NoRuleMatches_NotRecorded_SaysBoth()
    {
        var run = await _home.RunAsync("policy", "test", "--user", "ann", "--tool", "ping");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Approved.Verify("policy-none", run.Output);
    }

    [Fact]
    public async Task Json_IsOneObject()
    {
        var run = await _home.RunAsync("policy", "test", "--user", "ann", "--tool", "deploy", "--json");
        Assert.Equal(
            """{"effect":"deny","rule":"no-deploys","index":1,"reason":"Only the release team deploys.","level":"arguments","delivery":"writeAhead","on_failure":"refuse"}""" + "\n",
            run.Output);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Record_OfALevelThatIsNone_SaysThatItWasLeftOut()
    {
        var run = await ToolProcess.RunAsync(["record", "--ack", "--home", _home.Path], """{"user":"ann","tool":"ping","status":"ok"}""" + "\n");
        Assert.Equal((0, "1\nstored 0, refused 0, left out 1 (level none)\n", ""), (run.ExitCode, run.Output, run.Errors));
    }
}
