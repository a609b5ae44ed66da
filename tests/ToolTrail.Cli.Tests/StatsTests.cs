using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class StatsTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Stats_OfAllUsers_PrintsTables()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["stats", .. CliHome.AllDays]);
        Approved.Verify("stats", WithoutSpan(run.Output));
    }

    [Fact]
    public async Task Stats_Json_PrintsOneObject()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["stats", "--user", "ann", "--json", .. CliHome.AllDays]);
        Assert.Single(run.Lines);
        Approved.Verify("stats-json", WithoutSpan(run.Output));
    }

    [Fact]
    public async Task Stats_NothingThere_NamesTheHome()
    {
        var run = await _home.RunAsync("stats");
        Assert.Equal("No records of the last 7 days in {home}\n", _home.Normalize(run.Output));
    }

    // The span of days ends today.
    private string WithoutSpan(string text) =>
        System.Text.RegularExpressions.Regex.Replace(_home.Normalize(text), @"\d{4}-\d{2}-\d{2}", "{day}");
}
