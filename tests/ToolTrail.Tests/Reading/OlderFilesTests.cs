using System.Text;
using ToolTrail.Reading;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

/// <summary>Files as other programs write them.</summary>
public sealed class OlderFilesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Maputo");

    [Fact]
    public async Task Lines_LocalTimeEscapesNoOptionalFields_ReadLikeOurs()
    {
        using var trail = new Trail(Zone);
        trail.Append(
            "ann",
            "{\"ts\": \"2026-11-23T10:00:01\", \"user\": \"ann\", \"tool\": \"caf\\u00e9 \\ud83d\\ude00\", \"args\": {\"q\": \"\\u00fc\"}, "
                + "\"status\": \"ok\", \"result_chars\": 3, \"result_snippet\": \"abc\"}",
            "{\"user\":\"ann\",\"status\":\"error\",\"tool\":\"late field\",\"ts\":\"2026-11-23T10:00:02\",\"extra\":{\"ts\":\"x\"}}",
            DayFiles.Line(new DateTimeOffset(2026, 11, 23, 8, 0, 3, TimeSpan.Zero), tool: "ours"));
        var records = (await trail.PagesAsync("ann", 2)).Select(record => (record.Decode(Zone).Tool, record.Timestamp.UtcDateTime))
            .ToList();
        Assert.Equal(
        [
            ("ours", new DateTime(2026, 11, 23, 8, 0, 3)),
            ("late field", new DateTime(2026, 11, 23, 8, 0, 2)),
            ("café 😀", new DateTime(2026, 11, 23, 8, 0, 1)),
        ], records);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Lines_BrokenOnesBetween_AreSkippedAndCounted(string lineEnd)
    {
        using var trail = new Trail();
        string[] lines =
        [
            Ours("a"), "{\"ts\":\"2026-11-23T11:00:00.000Z\",\"us", "", "null", "[1]", "{}", new string('\0', 3000) + Ours("x"), Ours("b"),
            Ours("x") + "}", "{\"ts\":\"never\",\"user\":\"\",\"tool\":\"\",\"status\":\"\"}", "\udcff", Ours("c"),
        ];
        var bytes = Encoding.UTF8.GetBytes(string.Join(lineEnd, lines));
        trail.Files.AppendBytes("ann", Trail.Today, 1, bytes);

        var page = await trail.PageAsync("ann", 10);
        Assert.Equal(["c", "b", "a"], page.Records.Select(Tool));
        Assert.Equal(9, page.Skipped);

        var skipped = new List<RecordPosition>();
        var day = await trail.Reader.ReadDayAsync("ann", Trail.Today, null, skipped.Add, Cancelled).ToListAsync(Cancelled);
        Assert.Equal(["a", "b", "c"], day.Select(Tool));
        Assert.Equal(9, skipped.Count);
        Assert.Equal((3, 9), await CountAsync(trail));
        Assert.Equal((3L, 9L), await StatsAsync(trail));
    }

    [Fact]
    public async Task LastLine_WithoutLf_IsARecordOnceItReadsAsOne()
    {
        using var trail = new Trail();
        trail.Append("ann", Ours("a"));
        var last = Encoding.UTF8.GetBytes(Ours("b"));
        trail.Files.AppendBytes("ann", Trail.Today, 1, last.AsSpan(0, 40));
        Assert.Equal((1, 0L), await RecentAsync(trail)); // may be being written just now
        Assert.Equal((1, 0), await CountAsync(trail));
        trail.Files.AppendBytes("ann", Trail.Today, 1, last.AsSpan(40));
        Assert.Equal((2, 0L), await RecentAsync(trail));
        Assert.Equal((2, 0), await CountAsync(trail));
    }

    [Fact]
    public async Task LastLine_TornOnADayThatIsOver_IsCounted()
    {
        using var trail = new Trail();
        trail.Append("ann", Ours("a"));
        trail.Files.AppendBytes("ann", Trail.Today, 1, "{\"ts\":\"2026-11-2"u8);
        trail.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((1, 1L), await RecentAsync(trail));
        Assert.Equal((1, 1), await CountAsync(trail));
    }

    [Fact]
    public async Task Lines_LongerThanOurs_AreReadUpToSixteenMebibytes()
    {
        using var trail = new Trail();
        trail.Append(
            "ann",
            Ours("a", new string('x', 70_000)),
            Ours("b", new string('x', 3_000_000)),
            Ours("too long", new string('x', 17 * 1024 * 1024)),
            Ours("c"));
        var page = await trail.PageAsync("ann", 10);
        Assert.Equal(["c", "b", "a"], page.Records.Select(Tool));
        Assert.Equal(1, page.Skipped);
        Assert.Equal((3, 1), await CountAsync(trail));
        Assert.Equal(["c", "b", "a"], (await trail.PagesAsync("ann", 1)).Select(Tool));
    }

    [Fact]
    public async Task Files_OfOtherKinds_ArePassedOver()
    {
        using var trail = new Trail();
        trail.Append("ann", Ours("a"));
        var folder = trail.Home.AuditPath("ann");
        File.WriteAllText(Path.Combine(folder, "2026-11-23.checkpoint"), Ours("x") + "\n");
        File.WriteAllText(Path.Combine(folder, "2026-11-23.jsonl.bak"), Ours("x") + "\n");
        Directory.CreateDirectory(Path.Combine(folder, "2026-11-22.jsonl"));
        File.WriteAllText(trail.Files.PathOf("ann", Trail.Today, 2), "");
        var outside = Path.Combine(trail.Home.Path, "outside");
        File.WriteAllText(outside, Ours("x") + "\n");
        File.CreateSymbolicLink(trail.Files.PathOf("ann", Trail.Today, 3), outside);
        File.CreateSymbolicLink(trail.Files.PathOf("ann", Trail.Today, 4), Path.Combine(folder, "nowhere"));

        Assert.Equal(["a"], (await trail.PagesAsync("ann", 10)).Select(Tool));
        Assert.Equal(["a"], (await trail.PagesAsync(null, 10)).Select(Tool));
        Assert.Equal((1, 0), await CountAsync(trail));
    }

    private static string Ours(string tool, string padding = "") =>
        DayFiles.Line(Trail.Noon.AddMinutes(-30), tool: tool, more: padding.Length == 0 ? "" : $",\"session\":\"{padding}\"");

    private static string Tool(StoredRecord record) => record.Decode(Zone).Tool;

    private static async Task<(int Records, long Skipped)> RecentAsync(Trail trail)
    {
        var page = await trail.PageAsync("ann", 100);
        return (page.Records.Count, page.Skipped);
    }

    private static async Task<(int Records, int Skipped)> CountAsync(Trail trail)
    {
        var day = Assert.Single(await trail.Reader.ReadDaysAsync("ann", Cancelled).ToListAsync(Cancelled));
        return ((int)day.Records, (int)day.Skipped);
    }

    private static async Task<(long Calls, long Skipped)> StatsAsync(Trail trail)
    {
        var stats = await trail.Reader.ReadStatsAsync("ann", cancellationToken: Cancelled);
        return (stats.Calls, stats.Skipped);
    }
}
