using System.Text;
using CsCheck;
using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

public sealed class FollowTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Follow_FromStart_YieldsAllFilesInOrderThenWhatComes()
    {
        using var trail = new Trail();
        trail.Append("bob", Line("b1"));
        trail.Files.Append("ann", Trail.Today, 2, Line("a3"));
        trail.Append("ann", Line("a2"));
        trail.Files.Append("ann", Trail.Today.AddDays(-1), 1, Line("a1"));
        await using var all = Follow(trail, null, FollowPosition.Start);
        Assert.Equal(["a1", "a2", "a3", "b1"], await TakeAsync(all, 4));
        trail.Append("ann", Line("a4"));
        Assert.Equal(["a4"], await TakeAsync(all, 1));
    }

    [Fact]
    public async Task Follow_FromEnd_YieldsNewUsersDaysPartsAndLateRecordsOnce()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("old"));
        await using var all = Follow(trail, null, await trail.Reader.ReadEndAsync(null, Cancelled));
        trail.Append("ann", Line("same file"));
        Assert.Equal(["same file"], await TakeAsync(all, 1));
        trail.Files.Append("ann", Trail.Today, 2, Line("new part"));
        Assert.Equal(["new part"], await TakeAsync(all, 1));
        trail.Files.Append("ann", Trail.Today.AddDays(1), 1, Line("new day"));
        Assert.Equal(["new day"], await TakeAsync(all, 1));
        trail.Files.Append("ann", Trail.Today.AddDays(-400), 1, Line("of last year"));
        Assert.Equal(["of last year"], await TakeAsync(all, 1));
        trail.Append("new user", Line("new user"));
        Assert.Equal(["new user"], await TakeAsync(all, 1));
        trail.Append("ann", Line("same file again"));
        Assert.Equal(["same file again"], await TakeAsync(all, 1));
    }

    [Fact]
    public async Task Follow_End_StartsBehindWhatIsThere()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("old"));
        await using var records = Follow(trail, "ann", FollowPosition.End);
        var first = records.MoveNextAsync().AsTask();
        // Nobody says when the end was found: every line from then on comes, so one of these is the first.
        while (!first.IsCompleted)
        {
            trail.Append("ann", Line("new"));
            await Task.WhenAny(first, Task.Delay(TimeSpan.FromMilliseconds(50), Cancelled));
        }

        Assert.Equal("new", Tool(records.Current.Record));
    }

    [Fact]
    public async Task Follow_OfOneUser_LeavesOthersOut()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("a"));
        trail.Append("bob", Line("b"));
        await using var ann = Follow(trail, "bob", FollowPosition.Start);
        Assert.Equal(["b"], await TakeAsync(ann, 1));
        trail.Append("ann", Line("a"));
        trail.Append("bob", Line("b2"));
        Assert.Equal(["b2"], await TakeAsync(ann, 1));
    }

    [Fact]
    public async Task Follow_LineWithoutLf_WaitsForIt()
    {
        using var trail = new Trail();
        var line = Encoding.UTF8.GetBytes(Line("whole"));
        trail.Files.AppendBytes("ann", Trail.Today, 1, line);
        var end = await trail.Reader.ReadEndAsync("ann", Cancelled);
        trail.Append("bob", Line("other"));
        await using var all = Follow(trail, null, FollowPosition.Start);
        Assert.Equal(["other"], await TakeAsync(all, 1));
        trail.Files.AppendBytes("ann", Trail.Today, 1, "\n"u8);
        Assert.Equal(["whole"], await TakeAsync(all, 1));
        await using var fromEnd = Follow(trail, "ann", end);
        Assert.Equal(["whole"], await TakeAsync(fromEnd, 1));
    }

    [Fact]
    public async Task Follow_BrokenLinesAndFilter_AreSkippedAndTold()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("a"), "broken", Line("b", "error"), "{}", Line("c", "error"));
        var skipped = new List<RecordPosition>();
        var filter = new RecordFilter { Status = ToolCallStatus.Error };
        await using var errors = trail.Reader.FollowAsync("ann", FollowPosition.Start, filter, skipped.Add, Cancelled)
            .GetAsyncEnumerator(Cancelled);
        Assert.Equal(["b", "c"], await TakeAsync(errors, 2));
        Assert.Equal(2, skipped.Count);
    }

    [Fact]
    public async Task Follow_FileThatBecameShorter_GoesOnBehindWhatIsLeft()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("a"), Line("b"));
        trail.Append("bob", Line("x"));
        await using var all = Follow(trail, null, FollowPosition.Start);
        Assert.Equal(["a", "b", "x"], await TakeAsync(all, 3));
        var path = trail.Files.PathOf("ann", Trail.Today);
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        trail.Append("bob", Line("y"));
        Assert.Equal(["y"], await TakeAsync(all, 1));
        trail.Append("ann", Line("c"));
        Assert.Equal(["c"], await TakeAsync(all, 1));
    }

    [Fact]
    public Task Follow_ResumedAnywhereFromItsText_YieldsEachRecordOnce() =>
        Gen.Select(Gen.Select(Gen.OneOf("ann", "bob", "ü/x"), Gen.Int[0, 2], Gen.Int[1, 2]).Array[1, 30], Gen.Int[1, 5],
            Gen.OneOf<string?>("ann", null)).SampleAsync(
            async (entries, stops, user) =>
            {
                using var trail = new Trail();
                var written = 0;
                var expected = 0;
                var seen = new List<string>();
                var position = FollowPosition.Start;
                foreach (var chunk in entries.Chunk(Math.Max(1, entries.Length / stops)))
                {
                    foreach (var (who, ago, part) in chunk)
                    {
                        trail.Files.Append(who, Trail.Today.AddDays(-ago), part, Line($"t{written++}"), "broken");
                        expected += user is null || user == who ? 1 : 0;
                    }

                    // Stops one record short, so that the next run begins within the chunk.
                    await using var following = Follow(trail, user, FollowPosition.Parse(position.ToString()));
                    while (seen.Count < expected - 1 && await following.MoveNextAsync().AsTask().WaitAsync(Patience, Cancelled))
                    {
                        seen.Add(Tool(following.Current.Record));
                        position = following.Current.Next;
                        Assert.True(position.IsBehind(following.Current.Record.Position));
                    }
                }

                await using var last = Follow(trail, user, FollowPosition.Parse(position.ToString()));
                seen.AddRange(await TakeAsync(last, expected - seen.Count));
                Assert.Equal(expected, seen.Count);
                Assert.Equal(seen.Distinct(), seen);
            }, iter: 50);

    [Fact]
    public async Task IsBehind_TellsPageFromWhatFollows()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("a"));
        var end = await trail.Reader.ReadEndAsync("ann", Cancelled);
        trail.Append("ann", Line("b"));
        trail.Files.Append("ann", Trail.Today, 2, Line("c"));
        var page = await trail.PageAsync("ann", 10);
        Assert.Equal(["a"], page.Records.Where(record => end.IsBehind(record.Position)).Select(Tool));
        Assert.False(FollowPosition.Start.IsBehind(page.Records[0].Position));
        Assert.Throws<InvalidOperationException>(() => FollowPosition.End.IsBehind(page.Records[0].Position));
        Assert.Same(FollowPosition.End, FollowPosition.Parse(FollowPosition.End.ToString()));
        Assert.Same(FollowPosition.Start, FollowPosition.Parse("start"));
    }

    [Fact]
    public async Task Follow_Cancelled_Ends()
    {
        using var trail = new Trail();
        using var stop = new CancellationTokenSource();
        await using var records = new TrailReader(trail.Home).FollowAsync("ann", FollowPosition.Start, cancellationToken: stop.Token)
            .GetAsyncEnumerator(stop.Token);
        var next = records.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Patience, Cancelled));
    }

    private static IAsyncEnumerator<FollowedRecord> Follow(Trail trail, string? user, FollowPosition from) =>
        new TrailReader(trail.Home).FollowAsync(user, from, cancellationToken: Cancelled).GetAsyncEnumerator();

    private static async Task<List<string>> TakeAsync(IAsyncEnumerator<FollowedRecord> records, int count)
    {
        var tools = new List<string>();
        while (tools.Count < count && await records.MoveNextAsync().AsTask().WaitAsync(Patience, Cancelled))
            tools.Add(Tool(records.Current.Record));
        return tools;
    }

    private static string Line(string tool, string status = "ok") => DayFiles.Line(Trail.Noon, tool: tool, status: status);

    private static string Tool(StoredRecord record) => record.Decode(TimeZoneInfo.Utc).Tool;
}
