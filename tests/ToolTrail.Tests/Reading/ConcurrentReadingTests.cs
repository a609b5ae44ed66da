using ToolTrail.Reading;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

/// <summary>Reading beside those who write and remove.</summary>
public sealed class ConcurrentReadingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_FileThatAProgramHoldsAlone_NeitherWaitsNorIsInItsWay()
    {
        using var trail = new Trail();
        trail.Append("ann", DayFiles.Line(Trail.Noon, tool: "a"));
        var path = trail.Files.PathOf("ann", Trail.Today);
        using (File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Single(await trail.PagesAsync("ann", 10));

        // And the other way round: somebody stands in the middle of reading it.
        trail.Append("ann", Enumerable.Repeat(DayFiles.Line(Trail.Noon), 1000));
        await using var day = trail.Reader.ReadDayAsync("ann", Trail.Today, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        await day.MoveNextAsync();
        await using var alone = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Reading_BesideWritersWhoAppendAndAUserWhoRemovesFiles_FindsEveryRecordOnce()
    {
        const int Writers = 3;
        const int Each = 400;
        using var trail = new Trail();
        trail.Files.LastWrite = null;
        using var done = new CancellationTokenSource();
        var following = Task.Run(() => FollowAsync(trail, Writers * Each), Cancelled);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                trail.Files.Append($"u{writer}", Trail.Today.AddDays(-i % 3), 1 + (i % 2),
                    DayFiles.Line(Trail.Noon.AddDays(-i % 3), $"u{writer}", $"t{writer}-{i}"));
        }, Cancelled)));
        var removing = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                trail.Append("gone", DayFiles.Line(Trail.Noon, "gone", "gone"));
                Directory.Delete(Path.Combine(trail.Home.Path, "gone"), recursive: true);
            }
        }, Cancelled);
        var reading = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await trail.PageAsync(null, 50);
                await trail.Reader.ReadStatsAsync(null, cancellationToken: Cancelled);
                await trail.Reader.ReadDaysAsync("gone", Cancelled).ToListAsync(Cancelled);
                Assert.Equal(0, (await trail.PageAsync("u1", 50, days: 1)).Skipped);
            }
        }, Cancelled);

        await writing;
        var followed = await following.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
        await done.CancelAsync();
        await Task.WhenAll(reading, removing);
        Assert.Equal(Writers * Each, followed.Distinct().Count());
        Assert.Equal(Writers * Each, followed.Count);
        Assert.Equal(followed.Order(), (await trail.PagesAsync(null, 333)).Select(Tool).Order());
    }

    [Fact]
    public async Task Follow_FileRemovedAndMadeAnew_IsReadFromItsBeginning()
    {
        using var trail = new Trail();
        trail.Append("ann", DayFiles.Line(Trail.Noon, tool: "a"), DayFiles.Line(Trail.Noon, tool: "b"));
        trail.Append("bob", DayFiles.Line(Trail.Noon, tool: "x"));
        await using var all = new TrailReader(trail.Home).FollowAsync(null, FollowPosition.Start, cancellationToken: Cancelled)
            .GetAsyncEnumerator(Cancelled);
        Assert.Equal("a b x", await NextAsync(all, 3));
        File.Delete(trail.Files.PathOf("ann", Trail.Today));
        trail.Append("bob", DayFiles.Line(Trail.Noon, tool: "y"));
        Assert.Equal("y", await NextAsync(all, 1));
        trail.Append("ann", DayFiles.Line(Trail.Noon, tool: "c"));
        Assert.Equal("c", await NextAsync(all, 1));
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<FollowedRecord> records, int count)
    {
        var tools = new List<string>();
        while (tools.Count < count && await records.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled))
            tools.Add(Tool(records.Current.Record));
        return string.Join(' ', tools);
    }

    private static async Task<List<string>> FollowAsync(Trail trail, int count)
    {
        var tools = new List<string>();
        await foreach (var followed in new TrailReader(trail.Home).FollowAsync(null, FollowPosition.Start, cancellationToken: Cancelled))
        {
            if (followed.Record.Position.UserFolder != "gone")
                tools.Add(Tool(followed.Record));
            if (tools.Count == count)
                break;
        }

        return tools;
    }

    private static string Tool(StoredRecord record) => record.Decode(TimeZoneInfo.Utc).Tool;
}
