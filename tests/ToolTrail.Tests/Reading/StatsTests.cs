using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

public sealed class StatsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadStats_CountsByStatusToolAndUser()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", "read"), Line("ann", "read", "error"), Line("ann", "write", "denied"));
        trail.Append("bob", Line("bob", "read"));
        var stats = await trail.Reader.ReadStatsAsync(null, cancellationToken: Cancelled);
        Assert.Equal((Trail.Today.AddDays(-6), Trail.Today, 4L, 0L), (stats.From, stats.To, stats.Calls, stats.Skipped));
        Assert.Equal(new Dictionary<string, long> { ["ok"] = 2, ["error"] = 1, ["denied"] = 1 }, stats.ByStatus);
        Assert.Equal([("read", 3), ("write", 1)], stats.ByTool.Select(group => (group.Name, group.Calls)));
        Assert.Equal([("ann", 3), ("bob", 1)], stats.ByUser.Select(group => (group.Name, group.Calls)));
        Assert.Equal(new Dictionary<string, long> { ["ok"] = 2, ["error"] = 1 }, stats.ByTool[0].ByStatus);
        Assert.Null(stats.ByTool[0].Duration);
        Assert.Equal(3, (await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task ReadStats_Call_CountsOnceByItsId()
    {
        using var trail = new Trail();
        var yesterday = Trail.Today.AddDays(-1);
        trail.Files.Append("ann", yesterday, 1, Line("ann", "over midnight", "started", "m"), Line("ann", "open", "started", "o"),
            Line("ann", "open", "started", "o"));
        trail.Files.Append("ann", yesterday, 2, Line("ann", "t", "error", "x"));
        trail.Append("ann", Line("ann", "over midnight", id: "m"), Line("ann", "t", "started", "a"), Line("ann", "t", id: "a"),
            Line("ann", "t", id: "a"), Line("ann", "t", id: "late"));
        trail.Append("ann", Line("ann", "t", "started", "late"), Line("ann", "older"), Line("ann", "older"), Line("ann", "t", "started"));
        trail.Append("bob", Line("bob", "t", id: "a"), Line("bob", "t", "error", "o"));
        var stats = await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled);
        Assert.Equal(new Dictionary<string, long> { ["ok"] = 5, ["error"] = 1, ["started"] = 2 }, stats.ByStatus);
        Assert.Equal([("t", 4), ("older", 2), ("open", 1), ("over midnight", 1)], stats.ByTool.Select(group => (group.Name, group.Calls)));
        Assert.Equal(10, (await trail.Reader.ReadStatsAsync(null, cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task ReadStats_OwnLines_AreNoCalls()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", OwnLines.Gap, "lost"), Line("ann", "read"), Line("ann", OwnLines.Recovery, "recovered"));
        trail.Append(OwnLines.User, Line(OwnLines.User, OwnLines.Read));
        Assert.Equal(1, (await trail.Reader.ReadStatsAsync(null, cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task ReadStats_Filter_SelectsCallsByTheRecordsUser()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", "read"), Line("bob", "read"), Line("bob", "read", "error"));
        var stats = await trail.Reader.ReadStatsAsync("ann", filter: new RecordFilter { User = "bob", Status = ToolCallStatus.Error },
            cancellationToken: Cancelled);
        Assert.Equal(("bob", 1L), (Assert.Single(stats.ByUser).Name, stats.Calls));
    }

    [Fact]
    public async Task ReadStats_Days_AreCalendarDaysTodayIncluded()
    {
        using var trail = new Trail();
        for (var ago = 0; ago < 5; ago++)
            trail.Files.Append("ann", Trail.Today.AddDays(-ago), 1, Line("ann", $"t{ago}"));
        var stats = await trail.Reader.ReadStatsAsync("ann", 3, cancellationToken: Cancelled);
        Assert.Equal(["t0", "t1", "t2"], stats.ByTool.Select(group => group.Name));
        Assert.Equal(Trail.Today.AddDays(-2), stats.From);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => trail.Reader.ReadStatsAsync("ann", 0, cancellationToken: Cancelled));
    }

    [Theory]
    [InlineData("5", 5, 5, 5)]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", 10, 19, 20)]
    [InlineData("0 0.25 1000", 0.25, 1000, 1000)]
    [InlineData("3 1 2 -1 1e999", 2, 3, 3)]
    public async Task ReadStats_Durations_AreNearestRank(string durations, double p50, double p95, double max)
    {
        using var trail = new Trail();
        trail.Append("ann", durations.Split(' ').Select(duration => DayFiles.Line(Trail.Noon, more: $",\"duration_ms\":{duration}"))
            .Append(Line("ann", "read_file")));
        var stats = await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled);
        Assert.Equal(new DurationSummary(p50, p95, max), stats.ByTool[0].Duration);
        Assert.Equal(new DurationSummary(p50, p95, max), stats.ByUser[0].Duration);
    }

    [Fact]
    public async Task ReadStats_ManyDurations_AreWithinAThousandth()
    {
        using var trail = new Trail();
        var random = new Random(2);
        var durations = Enumerable.Range(0, 5001).Select(_ => Math.Exp(random.NextDouble() * 12)).ToList();
        trail.Append("ann", durations.Select(duration => DayFiles.Line(Trail.Noon, more: $",\"duration_ms\":{duration:r}")));
        durations.Sort();
        var summary = (await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).ByUser[0].Duration!;
        Assert.InRange(summary.P50, durations[2500] * 0.999, durations[2500]);
        Assert.InRange(summary.P95, durations[4750] * 0.999, durations[4750]);
        Assert.Equal(durations[^1], summary.Max);
    }

    [Fact]
    public async Task ReadDays_AreNewestFirstWithTheirCounts()
    {
        using var trail = new Trail();
        trail.Files.Append("ann", Trail.Today.AddDays(-400), 1, Line("ann", "t"));
        trail.Append("ann", Line("ann", "t"), "broken");
        trail.Files.Append("ann", Trail.Today, 2, Line("ann", "t"));
        trail.Append("bob", Line("bob", "t"));
        var bytes = (long)Line("ann", "t").Length + 1;
        Assert.Equal(
        [
            new TrailDay("ann", Trail.Today, 2, (2 * bytes) + 7, 2, 1),
            new TrailDay("ann", Trail.Today.AddDays(-400), 1, bytes, 1, 0),
        ], await trail.Reader.ReadDaysAsync("ann", Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await trail.Reader.ReadDaysAsync("nobody", Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task ReadDay_IsInFileOrderAcrossParts()
    {
        using var trail = new Trail();
        trail.Files.Append("ann", Trail.Today, 10, Line("ann", "t10"));
        trail.Files.Append("ann", Trail.Today, 2, Enumerable.Range(0, 3000).Select(i => Line("ann", $"t2-{i}")));
        trail.Append("ann", DayFiles.Line(Trail.Noon.AddHours(1), tool: "t1"), Line("ann", "t1b", "error"));
        trail.Files.Append("ann", Trail.Today.AddDays(1), 1, Line("ann", "tomorrow"));
        var day = await trail.Reader.ReadDayAsync("ann", Trail.Today, cancellationToken: Cancelled).ToListAsync(Cancelled);
        Assert.Equal(["t1", "t1b", .. Enumerable.Range(0, 3000).Select(i => $"t2-{i}"), "t10"], day
            .Select(record => record.Decode(TimeZoneInfo.Utc).Tool));
        Assert.Equal(day.Select(record => record.Position).Order(), day.Select(record => record.Position));
        Assert.Single(await trail.Reader.ReadDayAsync("ann", Trail.Today, new RecordFilter { Status = ToolCallStatus.Error },
            cancellationToken: Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await trail.Reader.ReadDayAsync("nobody", Trail.Today, cancellationToken: Cancelled).ToListAsync(Cancelled));
    }

    private static string Line(string user, string tool, string status = "ok", string? id = null) =>
        DayFiles.Line(Trail.Noon.AddHours(-1), user, tool, status, id);
}
