using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

public sealed class RecordFilterTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_IsTheRecordsNotTheFolders()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", 1), Line("bob", 2), Line("a\\u006en", 3), Line("bob", 4));
        trail.Append("bob", Line("ann", 5));
        Assert.Equal([3, 1], Minutes(await trail.PagesAsync("ann", 1, new RecordFilter { User = "ann" })));
        Assert.Equal([4, 2], Minutes(await trail.PagesAsync("ann", 1, new RecordFilter { User = "bob" })));
        Assert.Equal([5, 3, 1], Minutes(await trail.PagesAsync(null, 1, new RecordFilter { User = "ann" })));
    }

    [Theory]
    [InlineData("read_*", 2, 1)]
    [InlineData("read_file", 1)]
    [InlineData("read_?ile", 1)]
    [InlineData("*", 4, 3, 2, 1)]
    [InlineData("é*", 4)]
    [InlineData("READ_*")]
    public async Task Tool_IsAGlob(string glob, params int[] minutes)
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", 1, "read_file"), Line("ann", 2, "read_folder"), Line("ann", 3, "write"),
            Line("ann", 4, "\\u00e9t\\u00e9"));
        Assert.Equal(minutes, Minutes(await trail.PagesAsync("ann", 2, new RecordFilter { Tool = glob })));
    }

    [Fact]
    public async Task Status_MatchesExactlyAlsoUnknownOnes()
    {
        using var trail = new Trail();
        trail.Append("ann", Line("ann", 1, status: "ok"), Line("ann", 2, status: "denied"), Line("ann", 3, status: "odd"));
        Assert.Equal([2], Minutes(await trail.PagesAsync("ann", 9, new RecordFilter { Status = ToolCallStatus.Denied })));
        Assert.Equal([3], Minutes(await trail.PagesAsync("ann", 9, new RecordFilter { Status = new ToolCallStatus("odd") })));
    }

    [Fact]
    public async Task OneRowPerCall_LeavesOutStartsWithAnOutcome_OnWhicheverPageThatIs()
    {
        using var trail = new Trail();
        var yesterday = Trail.Today.AddDays(-1);
        trail.Files.Append("ann", yesterday, 1, DayFiles.Line(Trail.Noon.AddHours(-13), status: "started", id: "over-midnight"),
            DayFiles.Line(Trail.Noon.AddHours(-13), status: "started", id: "open-1"));
        trail.Append("ann", Line("ann", 1, status: "started", id: "a"), Line("ann", 2, status: "started", id: "open-2"),
            Line("ann", 3, id: "a"), Line("ann", 4, status: "started"));
        trail.Append("ann", DayFiles.Line(Trail.Noon, status: "error", id: "over-midnight"));
        trail.Append("bob", Line("bob", 5, id: "open-1"));

        var filter = new RecordFilter { OneRowPerCall = true };
        string[] expected = ["error over-midnight", "started ", "ok a", "started open-2", "started open-1"];
        for (var limit = 1; limit < 7; limit++)
            Assert.Equal(expected, Calls(await trail.PagesAsync("ann", limit, filter)));
        Assert.Equal(["ok open-1", .. expected], Calls(await trail.PagesAsync(null, 2, filter)).OrderBy(call => call != "ok open-1"));
        Assert.Equal(["started ", "started open-2", "started open-1"],
            Calls(await trail.PagesAsync("ann", 2, filter with { Status = ToolCallStatus.Started })));
        Assert.Equal(["started open-1"],
            Calls(await trail.Reader.ReadDayAsync("ann", yesterday, filter, cancellationToken: Cancelled).ToListAsync(Cancelled)));
    }

    private static string Line(string user, int minute, string tool = "t", string status = "ok", string? id = null) =>
        DayFiles.Line(Trail.Noon.AddHours(-1).AddMinutes(minute), user, tool, status, id);

    private static IEnumerable<int> Minutes(IEnumerable<StoredRecord> records) => records.Select(record => record.Timestamp.Minute);

    private static IEnumerable<string> Calls(IEnumerable<StoredRecord> records) =>
        records.Select(record => record.Decode(TimeZoneInfo.Utc)).Select(record => $"{record.Status} {record.Id}");
}
