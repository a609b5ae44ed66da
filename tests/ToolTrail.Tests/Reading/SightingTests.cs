using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

/// <summary>One call that several captures tell of: one row, counted once, and nothing of it hidden.</summary>
public sealed class SightingTests : IDisposable
{
    private static readonly RecordFilter OneRow = new() { OneRowPerCall = true };

    private readonly Trail _trail = new();

    public void Dispose() => _trail.Dispose();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    // The host's own id, or the trace, or one of them.
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c1 tool=read at=12 ms=10")]
    [InlineData("a trace=t1 tool=read at=10 ms=5", "b trace=t1 tool=read at=12 ms=10")]
    [InlineData("a call=c1 trace=t1 tool=read at=10 ms=5", "b call=7 trace=t1 tool=read at=12 ms=10")]
    [InlineData("a call=c1 tool=mcp__files__read at=12 ms=5", "b call=c1 tool=read at=10 ms=10")]
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c1 tool=mcp_files_read at=10 ms=10")]
    // One gave up long before the other saw the end.
    [InlineData("a call=c1 tool=read at=10 ms=5 status=cancelled", "b call=c1 tool=read at=60000 ms=59995")]
    // Clocks apart.
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c1 tool=read at=900 ms=5")]
    // One tells no more than that it began.
    [InlineData("b call=c1 tool=read at=10 ms=9", "a call=c1 tool=read at=1 status=started")]
    public async Task OneCall_IsOneRow_WithWhatBothTold(params string[] sightings)
    {
        // In either order.
        foreach (var order in new[] { sightings, [.. sightings.Reverse()] })
        {
            using var trail = new Trail();
            trail.Append("ann", order.Select((sighting, i) => Line(sighting, i)));
            var row = Assert.Single(await trail.PagesAsync("ann", 1, OneRow));
            var told = new[] { row }.Concat(row.Others).ToList();
            Assert.Equal(2, told.Count);
            Assert.Equal(["a", "b"], told.Select(Source).Order());
            Assert.NotEqual(ToolCallStatus.Started, row.Decode(TimeZoneInfo.Utc).Status);
            Assert.Equal(1, (await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
            Assert.Equal(1, await trail.Reader.ReadDayAsync("ann", Trail.Today, OneRow, cancellationToken: Cancelled).CountAsync(Cancelled));
            // As stored they stay two.
            Assert.Equal(2, (await trail.PagesAsync("ann", 1)).Count);
        }
    }

    [Theory]
    [InlineData("a call=c1 tool=read at=10 ms=5", "a call=c1 tool=read at=12 ms=5")]
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c2 tool=read at=12 ms=5")]
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c1 tool=write at=12 ms=5")]
    [InlineData("a call=c1 tool=read at=10 ms=5", "b call=c1 tool=spread at=12 ms=5")]
    [InlineData("a call=1 tool=read at=10 ms=5", "b call=1 tool=read at=5000 ms=5")]
    [InlineData("a tool=read at=10 ms=5", "b tool=read at=12 ms=5")]
    [InlineData("a trace=x tool=read at=10 ms=5", "b call=x tool=write at=12 ms=5")]
    public async Task TwoCalls_AreTwo(params string[] sightings)
    {
        _trail.Append("ann", sightings.Select(Line));
        Assert.Equal(2, (await _trail.PagesAsync("ann", 1, OneRow)).Count);
        Assert.Equal(2, (await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task ParallelCallsOfATrace_AreAsManyAsEachCaptureSaw()
    {
        _trail.Append("ann", Enumerable.Range(0, 5).Select(i => Line($"a trace=t tool=read at={10 + i} ms=10", i)));
        _trail.Append("ann", Enumerable.Range(5, 5).Select(i => Line($"b trace=t tool=read at={10 + i} ms=10", i)));
        _trail.Append("ann", Enumerable.Range(10, 5).Select(i => Line($"c trace=t tool=read at={10 + i} ms=10", i)));
        var rows = await _trail.PagesAsync("ann", 2, OneRow);
        Assert.Equal(5, rows.Count);
        Assert.All(rows, row => Assert.Equal(["b", "c"], row.Others.Select(Source)));
        Assert.Equal(5, (await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task ACallOfWhichOneCaptureOnlySawTheBeginning_IsNotOpen()
    {
        _trail.Append("ann", Line("hook call=c1 tool=read at=1 status=started", 0), Line("proxy call=c1 tool=read at=9 ms=5", 1), Line("hook call=c2 tool=read at=20 status=started", 2));
        var stats = await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled);
        Assert.Equal(new Dictionary<string, long> { ["ok"] = 1, ["started"] = 1 }, stats.ByStatus);
        var rows = await _trail.PagesAsync("ann", 9, OneRow);
        Assert.Equal(["started", "ok"], rows.Select(row => row.Decode(TimeZoneInfo.Utc).Status.Value));
        Assert.Equal("hook", Source(Assert.Single(rows[1].Others)));
    }

    [Fact]
    public async Task AFilter_SeesOnlyWhatItLetsThrough()
    {
        _trail.Append("ann", Line("a call=c1 tool=read at=10 ms=5", 0), Line("b call=c1 tool=read at=12 ms=10 status=error", 1));
        var filter = OneRow with { Source = "b" };
        var row = Assert.Single(await _trail.PagesAsync("ann", 9, filter));
        Assert.Equal(("b", 0), (Source(row), row.Others.Count));
        Assert.Equal(1, (await _trail.Reader.ReadStatsAsync("ann", filter: filter, cancellationToken: Cancelled)).ByStatus["error"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ManyCalls_InParts_AreCountedOnce_OnAnyPage(int seed)
    {
        const int Calls = 4000;
        var random = new Random(seed);
        // More than can be remembered at once, ids that come again, and some calls that only one of the two saw.
        var lines = new List<string>();
        for (var i = 0; i < Calls; i++)
        {
            var seenBy = random.Next(5) switch { 0 => "a", 1 => "b", _ => "ab" };
            foreach (var source in seenBy)
                lines.Insert(Math.Max(0, lines.Count - random.Next(4)), Line($"{source} call={i % 50} tool=read at={i * 3000} ms=10 pad", lines.Count));
        }

        _trail.Files.Append("ann", Trail.Today, 1, lines.Take(lines.Count / 3));
        _trail.Files.Append("ann", Trail.Today, 2, lines.Skip(lines.Count / 3));
        var rows = await _trail.PagesAsync("ann", random.Next(50, 1500), OneRow);
        Assert.Equal(Calls, rows.Count);
        Assert.Equal(lines.Count, rows.Sum(row => 1 + row.Others.Count));
        Assert.Equal(Calls, (await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
    }

    private static string Source(StoredRecord record) => record.Decode(TimeZoneInfo.Utc).Source!;

    // "source member=value …", the time in milliseconds.
    private static string Line(string sighting, int number)
    {
        var parts = sighting.Split(' ');
        var of = parts.Skip(1).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[^1]);
        var more = $",\"source\":\"{parts[0]}\"";
        more += of.TryGetValue("call", out var call) ? $",\"call_id\":\"{call}\"" : "";
        more += of.TryGetValue("trace", out var trace) ? $",\"trace_id\":\"{trace}\"" : "";
        more += of.TryGetValue("ms", out var ms) ? $",\"duration_ms\":{ms}" : "";
        more += of.ContainsKey("pad") ? $",\"pad\":\"{new string('x', 400)}\"" : "";
        return DayFiles.Line(Trail.Noon.AddHours(-11).AddMilliseconds(int.Parse(of["at"], System.Globalization.CultureInfo.InvariantCulture)), "ann", of["tool"], of.GetValueOrDefault("status", "ok"), $"{number}", more);
    }
}
