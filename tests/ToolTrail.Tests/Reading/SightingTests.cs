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

    [Theory]
    // Two calls of a trace at once, whose ends another capture saw.
    [InlineData("ok ok", "hook trace=t tool=read at=1 status=started", "hook trace=t tool=read at=2 status=started", "proxy trace=t tool=read at=9 ms=5", "proxy trace=t tool=read at=9 ms=5")]
    [InlineData("ok ok", "hook trace=t tool=read at=1 status=started", "proxy trace=t tool=read at=9 ms=5", "hook trace=t tool=read at=2 status=started", "proxy trace=t tool=read at=9 ms=5")]
    [InlineData("ok ok", "proxy trace=t tool=read at=9 ms=5", "proxy trace=t tool=read at=9 ms=5", "hook trace=t tool=read at=1 status=started", "hook trace=t tool=read at=2 status=started")]
    [InlineData("ok started", "hook trace=t tool=read at=1 status=started", "hook trace=t tool=read at=2 status=started", "proxy trace=t tool=read at=9 ms=5")]
    // Both were told of the beginning alone.
    [InlineData("started", "hook call=c tool=read at=1 status=started", "proxy call=c tool=read at=2 status=started")]
    [InlineData("started started", "hook trace=t tool=read at=1 status=started", "hook trace=t tool=read at=2 status=started", "proxy trace=t tool=read at=3 status=started", "proxy trace=t tool=read at=3 status=started")]
    [InlineData("started started", "hook call=c tool=read at=1 status=started", "proxy call=c tool=write at=2 status=started")]
    // One, both or a third saw the end.
    [InlineData("ok", "hook call=c tool=read at=1 status=started id=h", "proxy call=c tool=read at=2 status=started", "hook call=c tool=read at=9 ms=8 id=h")]
    [InlineData("ok", "hook call=c tool=read at=1 status=started", "proxy call=c tool=read at=2 status=started id=p", "proxy call=c tool=read at=9 ms=7 id=p")]
    [InlineData("ok", "hook call=c tool=read at=1 status=started id=h", "proxy call=c tool=read at=2 status=started id=p", "proxy call=c tool=read at=9 ms=7 id=p", "hook call=c tool=read at=9 ms=8 id=h")]
    [InlineData("ok", "hook call=c tool=read at=1 status=started", "proxy call=c tool=read at=2 status=started", "spans call=c tool=read at=9 ms=7")]
    // A start is not of a call that had ended.
    [InlineData("ok started", "proxy call=1 tool=read at=9 ms=5", "hook call=1 tool=read at=5000 status=started")]
    public async Task CallsThatBegan_AreTheSameInStatsAsInRows(string expected, params string[] sightings)
    {
        _trail.Append("ann", sightings.Select(Line));
        var rows = await _trail.PagesAsync("ann", 1, OneRow);
        Assert.Equal(expected, string.Join(' ', rows.Select(StatusOf).Order()));
        Assert.Equal(expected, StatusesOf(await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)));
    }

    [Theory]
    [InlineData("hook call=c tool=read at=1 status=started id=h", "proxy call=c tool=read at=2 status=started")]
    [InlineData("hook call=c tool=read at=1 status=started", "proxy call=c tool=read at=2 status=started id=h")]
    public async Task AnOutcomeFarBehindTheStarts_EndsTheCall(params string[] starts)
    {
        var source = starts[0].Contains("id=h", StringComparison.Ordinal) ? "hook" : "proxy";
        _trail.Append("ann", starts.Select(Line));
        _trail.Append("ann", Enumerable.Range(10, 3000).Select(i => Line($"hook call=x{i} tool=write at={i} ms=1 pad", i)));
        _trail.Append("ann", Line($"{source} call=c tool=read at=9000 ms=8999 id=h", 9000));
        var rows = await _trail.PagesAsync("ann", 1000, OneRow);
        Assert.Equal(3001, rows.Count);
        Assert.DoesNotContain("started", rows.Select(StatusOf));
        Assert.Equal("ok 3001", string.Join(' ', (await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).ByStatus.Select(count => $"{count.Key} {count.Value}")));
    }

    [Fact]
    public async Task StartsThatShareATrace_AreMatchedInALargeDay()
    {
        // More than is remembered at once: what a start is of does not depend on what follows.
        const int Calls = 3000;
        _trail.Append("ann", Enumerable.Range(0, Calls).SelectMany(i => new[]
        {
            Line($"hook trace=t tool=read at={i * 3000} status=started pad", 2 * i),
            Line($"proxy trace=t tool=read at={(i * 3000) + 10} ms=9 pad", (2 * i) + 1),
        }));
        var rows = await _trail.PagesAsync("ann", 700, OneRow);
        Assert.Equal(Calls, rows.Count);
        Assert.All(rows, row => Assert.Equal(("ok", "hook"), (StatusOf(row), Source(Assert.Single(row.Others)))));
        Assert.Equal(Calls, (await _trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled)).Calls);
    }

    [Fact]
    public async Task AnyMixOfWhatCapturesTell_IsAsManyCallsAsRows()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            using var trail = new Trail();
            var lines = Mix(random, calls: random.Next(1, 120));
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(lines.Count + 1)).Order().Append(lines.Count).ToList();
            for (var part = 0; part < cuts.Count; part++)
            {
                var from = part == 0 ? 0 : cuts[part - 1];
                trail.Files.Append("ann", Trail.Today, part + 1, lines[from..cuts[part]]);
            }

            var rows = await trail.PagesAsync("ann", random.Next(1, 40), OneRow);
            var stats = await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled);
            Assert.True(rows.Count == stats.Calls, $"seed {seed}: {rows.Count} rows, {stats.Calls} calls");
            Assert.Equal(string.Join(' ', rows.Select(StatusOf).Order()), StatusesOf(stats));
            Assert.Equal(rows.Count, await trail.Reader.ReadDayAsync("ann", Trail.Today, OneRow, cancellationToken: Cancelled).CountAsync(Cancelled));
            // Nothing of it is hidden but the start of an outcome, and nothing told twice.
            var told = rows.SelectMany(row => row.Others.Prepend(row)).Select(record => record.Decode(TimeZoneInfo.Utc).Id!).ToList();
            Assert.Equal((await trail.PagesAsync("ann", 999)).Select(record => record.Decode(TimeZoneInfo.Utc).Id!).Distinct().Order(), told.Order());
        }
    }

    // Calls at once and one after the other, whose ids and traces come again; each capture tells of them all, some or nothing.
    private static List<string> Mix(Random random, int calls)
    {
        string[] sources = random.Next(2) == 0 ? ["a", "b"] : ["a", "b", "c"];
        var lines = new List<(int Time, string Line)>();
        for (var (i, now) = (0, 0); i < calls; i++, now += random.Next(3) * random.Next(900))
        {
            var (ended, call, trace, tool) = (now + random.Next(1, 4000), random.Next(50), random.Next(4), random.Next(3) == 0 ? "write" : "read");
            foreach (var source in sources)
            {
                var shared = random.Next(3) switch { 0 => $"call=c{call}", 1 => $"trace=t{trace}", _ => $"call=c{call} trace=t{trace}" };
                var (told, id, late) = (random.Next(4), $"{i}{source}", random.Next(20));
                if (told is 1 or 3)
                    lines.Add((now + late, Line($"{source} {shared} tool={tool} at={now + late} status=started id={id}", 0)));
                if (told is 2 or 3)
                    lines.Add((ended + late, Line($"{source} {shared} tool={tool} at={ended + late} ms={ended - now} id={id}", 0)));
            }
        }

        return [.. lines.OrderBy(line => line.Time).Select(line => line.Line)];
    }

    private static string StatusOf(StoredRecord record) => record.Decode(TimeZoneInfo.Utc).Status.Value;

    private static string StatusesOf(TrailStats stats) =>
        string.Join(' ', stats.ByStatus.SelectMany(count => Enumerable.Repeat(count.Key, (int)count.Value)).Order());

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
        return DayFiles.Line(Trail.Noon.AddHours(-11).AddMilliseconds(int.Parse(of["at"], System.Globalization.CultureInfo.InvariantCulture)), "ann", of["tool"], of.GetValueOrDefault("status", "ok"), of.GetValueOrDefault("id", $"{number}"), more);
    }
}
