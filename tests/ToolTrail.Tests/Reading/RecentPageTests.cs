using System.Text;
using ToolTrail.Reading;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

public sealed class RecentPageTests
{
    private static readonly string Broken = new('x', 99);

    [Fact]
    public async Task ReadRecent_NoSuchUser_IsEmpty()
    {
        using var trail = new Trail();
        var page = await trail.PageAsync("nobody", 10);
        Assert.Empty(page.Records);
        Assert.Null(page.Next);
        Assert.Equal(0, page.Skipped);
    }

    [Fact]
    public async Task ReadRecent_ExactlyThePage_HasNoNext()
    {
        using var trail = new Trail();
        trail.Append("ann", Lines(Trail.Noon.AddHours(-1), 5));
        Assert.Null((await trail.PageAsync("ann", 5)).Next);
        Assert.NotNull((await trail.PageAsync("ann", 4)).Next);
    }

    [Fact]
    public async Task ReadRecent_LooksNoFurtherThanItsReach()
    {
        using var trail = new Trail();
        trail.Files.Append("ann", Trail.Today.AddDays(-1), 1, DayFiles.Line(Trail.Noon.AddDays(-1), tool: "wanted"));
        trail.Append("ann", [DayFiles.Line(Trail.Noon.AddHours(-2), tool: "wanted"), .. Lines(Trail.Noon.AddHours(-1), 50)]);
        var filter = new RecordFilter { Tool = "wanted" };
        Assert.Equal((2, null), await FindAsync(long.MaxValue));
        Assert.Equal((1, true), await FindAsync(new FileInfo(trail.Files.PathOf("ann", Trail.Today)).Length - 60));
        Assert.Equal((0, null), await FindAsync(1000));

        async Task<(int Count, bool? HasNext)> FindAsync(long reach)
        {
            var page = await new TrailReader(trail.Home, trail.Time) { Reach = reach }.ReadRecentAsync("ann", 7, 10, filter, cancellationToken: TestContext.Current.CancellationToken);
            return (page.Records.Count, page.Next is null ? null : true);
        }
    }

    [Fact]
    public async Task ReadRecent_Days_AreCalendarDaysTodayIncluded()
    {
        using var trail = new Trail();
        for (var ago = 0; ago < 4; ago++)
            trail.Files.Append("ann", Trail.Today.AddDays(-ago), 1, DayFiles.Line(Trail.Noon.AddDays(-ago), tool: $"t{ago}"));
        // A clock that was ahead, and was set right since.
        trail.Files.Append("ann", Trail.Today.AddDays(2), 1, DayFiles.Line(Trail.Noon.AddDays(2), tool: "ahead"));

        Assert.Equal(["ahead", "t0"], Tools(await trail.PagesAsync("ann", 10, days: 1)));
        Assert.Equal(["ahead", "t0", "t1", "t2"], Tools(await trail.PagesAsync("ann", 10, days: 3)));
        Assert.Equal(5, (await trail.PagesAsync(null, 10, days: int.MaxValue)).Count);
    }

    [Fact]
    public async Task ReadRecent_MidnightBetweenTwoPages_GoesOnWithTheDayThatTheyWereAt()
    {
        using var trail = new Trail();
        trail.Append("ann", Lines(Trail.Noon.AddHours(-1), 5));
        var first = await trail.PageAsync("ann", 3, days: 1);
        trail.Time.Advance(TimeSpan.FromDays(1));
        var rest = await trail.PageAsync("ann", 3, days: 1, cursor: first.Next);
        Assert.Equal(5, first.Records.Concat(rest.Records).Select(record => record.Position).Distinct().Count());
    }

    [Fact]
    public async Task ReadRecent_DaysOfAnotherZone_AreThatZonesDays()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
        using var trail = new Trail(zone);
        trail.Time.SetUtcNow(new DateTimeOffset(2026, 11, 23, 16, 0, 0, TimeSpan.Zero)); // the 24th there
        trail.Files.Append("ann", Trail.Today, 1, DayFiles.Line(Trail.Noon));
        trail.Files.Append("ann", Trail.Today.AddDays(1), 1,
            "{\"ts\": \"2026-11-24T00:30:00\", \"user\": \"ann\", \"tool\": \"local\", \"status\": \"ok\"}");
        var record = Assert.Single(await trail.PagesAsync("ann", 10, days: 1));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 15, 30, 0, TimeSpan.Zero), record.Timestamp);
    }

    [Fact]
    public async Task ReadRecent_LongDayOfManyWritersSlightlyOutOfOrder_IsSortedAcrossAllPages()
    {
        using var trail = new Trail();
        var random = new Random(1);
        var times = Enumerable.Range(0, 12_000).Select(i => Trail.Noon.AddHours(-10).AddMilliseconds((i * 100) + random.Next(20_000)))
            .ToList();
        trail.Files.Append("ann", Trail.Today, 1, times.Take(5000).Select(time => DayFiles.Line(time)));
        trail.Files.Append("ann", Trail.Today, 2, times.Skip(5000).Take(1000).Select(time => DayFiles.Line(time)));
        trail.Files.Append("ann", Trail.Today, 3, times.Skip(6000).Select(time => DayFiles.Line(time)));
        Assert.Equal(times.OrderDescending(), (await trail.PagesAsync("ann", 101)).Select(record => record.Timestamp));
        Assert.Equal(times.OrderDescending(), (await trail.PagesAsync(null, 997)).Select(record => record.Timestamp));
    }

    [Fact]
    public async Task ReadRecent_LateRecordAtTheTail_IsNotAmongTheNewestAndIsNotLost()
    {
        using var trail = new Trail();
        trail.Append("ann", Lines(Trail.Noon.AddHours(-10), 12_000));
        trail.Append("ann", DayFiles.Line(Trail.Noon.AddHours(-11), tool: "late"));
        foreach (var user in new[] { "ann", null })
        {
            Assert.DoesNotContain("late", Tools((await trail.PageAsync(user, 500)).Records));
            Assert.Single(Tools(await trail.PagesAsync(user, 3000)), "late");
        }
    }

    [Fact]
    public async Task ReadRecent_BurstOfLateRecordsLongerThanABlock_ComesOnceAndHidesNothing()
    {
        using var trail = new Trail();
        trail.Append("ann", Lines(Trail.Noon.AddHours(-1), 6000));
        trail.Append("ann", Lines(Trail.Noon.AddHours(-11), 6000));
        trail.Append("bob", Lines(Trail.Noon.AddHours(-6), 3000));
        foreach (var (user, count) in new[] { ("ann", 12_000), (null, 15_000) })
        {
            var positions = (await trail.PagesAsync(user, 1001)).Select(record => record.Position).ToList();
            Assert.Equal(count, positions.Count);
            Assert.Equal(count, positions.Distinct().Count());
        }
    }

    [Fact]
    public async Task ReadRecent_PageOfALongDay_ReadsOnlyItsEnd()
    {
        // What is read and is no record is counted: none is, so none of the 32 MiB before the records was read.
        using var trail = new Trail();
        var broken = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Broken + "\n", 10_000)));
        for (var i = 0; i < 33; i++)
            trail.Files.AppendBytes("ann", Trail.Today, 1, broken);
        trail.Append("ann", Lines(Trail.Noon.AddHours(-1), 12_000));

        var first = await trail.PageAsync("ann", 200);
        Assert.Equal((200, 0L), (first.Records.Count, first.Skipped));
        var second = await trail.PageAsync("ann", 200, cursor: first.Next);
        Assert.Equal((200, 0L), (second.Records.Count, second.Skipped));
        var all = await trail.PageAsync("ann", 10_000, cursor: second.Next);
        Assert.Equal(0, all.Skipped);
        Assert.Equal(330_000, (await trail.PageAsync("ann", 10_000, cursor: all.Next)).Skipped);
    }

    [Fact]
    public async Task ReadRecentAllUsers_ManyUsers_OpensOnlyFilesThatCanMatter()
    {
        // A file without a record is counted as soon as it is opened.
        using var trail = new Trail();
        trail.Files.LastWrite = Trail.Noon.AddHours(-2);
        for (var i = 0; i < 1000; i++)
            trail.Append($"quiet{i}", Broken);
        trail.Files.LastWrite = Trail.Noon;
        for (var i = 0; i < 100; i++)
            trail.Append($"busy{i}", Lines(Trail.Noon.AddHours(-1), 10));

        var page = await trail.PageAsync(null, 500);
        Assert.Equal((500, 0L), (page.Records.Count, page.Skipped));
        page = await trail.PageAsync(null, 499, cursor: page.Next);
        Assert.Equal((499, 0L), (page.Records.Count, page.Skipped));
        page = await trail.PageAsync(null, 500, cursor: page.Next);
        Assert.Equal((1, 1000L), (page.Records.Count, page.Skipped));
    }

    [Fact]
    public async Task ReadRecent_BrokenLines_AreCountedOnceOverThePages()
    {
        using var trail = new Trail();
        trail.Append("ann", Lines(Trail.Noon.AddHours(-1), 40)
            .SelectMany(line => new[] { line, Broken, "{\"ts\":\"2026-11-23T11:00:00.000Z\",\"user\":" }));
        foreach (var user in new[] { "ann", null })
        {
            long skipped = 0;
            string? cursor = null;
            do
            {
                var page = await trail.PageAsync(user, 7, cursor: cursor);
                skipped += page.Skipped;
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(80, skipped);
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(7, 0)]
    [InlineData(7, 10_001)]
    public async Task ReadRecent_OutOfRange_Throws(int days, int limit)
    {
        using var trail = new Trail();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => trail.PageAsync("ann", limit, days: days));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => trail.PageAsync(null, limit, days: days));
    }

    private static IEnumerable<string> Lines(DateTimeOffset first, int count) =>
        Enumerable.Range(0, count).Select(i => DayFiles.Line(first.AddMilliseconds(i * 100), tool: $"t{i}"));

    private static IEnumerable<string> Tools(IEnumerable<StoredRecord> records) => records
        .Select(record => record.Decode(TimeZoneInfo.Utc).Tool);
}
