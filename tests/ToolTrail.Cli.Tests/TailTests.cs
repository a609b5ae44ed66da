using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class TailTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Tail_PrintsTheLastOnesOldestFirst()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var run = await _home.RunAsync(["tail", "-n", "3", .. CliHome.AllDays]);
        Approved.Verify("tail", run.Output);
    }

    [Fact]
    public async Task Tail_Following_PrintsEachRecordOnce()
    {
        await _home.RecordAsync(Calls.Ok(0), Calls.Ok(1), Calls.Ok(2));
        await using var tail = _home.Start(["tail", "-n", "2", "-f", "--json", .. CliHome.AllDays]);
        var seen = new List<string?> { await tail.ReadLineAsync(), await tail.ReadLineAsync() };
        for (var second = 3; second < 6; second++)
        {
            // Of another user, whose folder appears only now.
            await _home.RecordAsync(Calls.Ok(second, second == 4 ? "late" : "ann"));
            seen.Add(await tail.ReadLineAsync());
        }

        Assert.Equal(["1", "2", "3", "4", "5"], seen.Select(line => Json.Text(line, "result_snippet")));
        tail.Signal("TERM");
        Assert.Equal(130, await tail.WaitForExitAsync());
    }

    [Fact]
    public async Task Tail_FollowingAnEmptyHome_NamesItAndWaits()
    {
        await using var tail = _home.Start("tail", "-f", "--json");
        await _home.RecordAsync(Calls.Ok(7));
        Assert.Equal("7", Json.Text(await tail.ReadLineAsync(), "result_snippet"));
        tail.Signal("TERM");
        var run = await tail.FinishAsync();
        Assert.StartsWith("No records of the last 7 days in {home}", _home.Normalize(run.Errors), StringComparison.Ordinal);
    }
}
