using System.Text;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Tests.Home;

/// <summary>What an earlier build wrote is read and appended to by this one.</summary>
public sealed class FrozenHomeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly OlderDay = new(2026, 11, 18);
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => [.. FrozenHome.Versions];

    [Fact]
    public async Task V1_IsReadWhole()
    {
        using var frozen = new FrozenHome("v1", Now);
        var home = TrailHome.Open(frozen.Location);
        Assert.Equal(("frozen-0a1b2c", TimeZoneInfo.Utc), (home.Installation, home.TimeZone));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), home.DigestKey().ToArray());
        Assert.Equal(["CON", "Bo b/..", "ann", "tooltrail"], home.UserFolders().Select(UserFolderName.Decode));

        using var configuration = TrailConfiguration.Load(home);
        Assert.Equal(DeliveryMode.Durable, configuration.Current.Delivery.Mode);
        Assert.Equal("no writes outside", Assert.Single(configuration.Current.Policy).Name);

        var page = await new TrailReader(home, _time).ReadRecentAllUsersAsync(cancellationToken: Cancel);
        Assert.Null(page.Next);
        Assert.Equal(
            [
                "2026-11-21 13:00:00 tooltrail tooltrail.admin ok", "2026-11-21 11:00:00 CON list ok", "2026-11-21 10:00:00 Bo b/.. list ok",
                "2026-11-21 00:00:00 ann search cancelled", "2026-11-20 23:59:59 ann search timeout", "2026-11-20 09:00:01 ann tooltrail.gap lost",
                "2026-11-20 09:00:00 ann tooltrail.recovery recovered", "2026-11-20 08:06:00 ann write_file denied", "2026-11-20 08:05:00 ann shell error",
                "2026-11-20 08:00:01 ann read_file ok", "2026-11-20 08:00:00 ann read_file started", "2026-11-18 17:40:00 ann search_web denied",
                "2026-11-18 09:15:03 ann shell error", "2026-11-18 09:15:02 ann read_file ok",
            ],
            page.Records.Select(record => Describe(record, home)));
        // The broken line of the older file, and the empty one behind it.
        Assert.Equal(2, page.Skipped);
    }

    [Fact]
    public async Task V1_OlderFileOfAnotherProgram_IsReadAlike()
    {
        using var frozen = new FrozenHome("v1", Now);
        var home = TrailHome.OpenForReading(frozen.Location);
        var record = (await new TrailReader(home, _time).ReadDayAsync("ann", OlderDay, cancellationToken: Cancel).FirstAsync(Cancel)).Decode(home.TimeZone);
        Assert.Equal(new DateTimeOffset(2026, 11, 18, 9, 15, 2, TimeSpan.Zero), record.Timestamp);
        Assert.Equal("""{"path": "caf\u00e9/\ud83d\ude00.txt"}""", Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Equal((12, "crème \u2028brûlée", null), (record.ResultChars, record.ResultSnippet, record.Id));
    }

    [Fact]
    public async Task V1_RecordStoredThenAndSentAgain_IsNotStoredAgain()
    {
        using var frozen = new FrozenHome("v1", Now);
        var home = TrailHome.Open(frozen.Location);
        var before = frozen.DayFiles();
        var filter = new RecordFilter { Tool = "write_file" };
        var denied = await new TrailReader(home, _time).ReadDayAsync("ann", new DateOnly(2026, 11, 20), filter, cancellationToken: Cancel).FirstAsync(Cancel);
        await using (var recorder = ToolCallRecorder.Open(home, TrailConfiguration.Fixed(new()), _time))
            await recorder.RecordAsync(denied.Decode(home.TimeZone), DeliveryMode.Durable, Cancel);
        Assert.Equal(before, frozen.DayFiles());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task EveryVersion_IsAppendedToBehindWhatStoodThere(string version)
    {
        using var frozen = new FrozenHome(version, Now);
        var home = TrailHome.Open(frozen.Location);
        var before = frozen.DayFiles();
        var days = before.Keys.Select(UserAndDay).Where(file => file.User != OwnLines.User).Distinct().ToList();
        using var configuration = TrailConfiguration.Load(home);
        await using (var recorder = ToolCallRecorder.Open(home, configuration, _time))
        {
            foreach (var (user, day) in days)
            {
                var time = new DateTimeOffset(day, new TimeOnly(20, 0), TimeSpan.Zero);
                var call = new ToolCallRecord { User = user, Tool = "added", Status = ToolCallStatus.Ok, Timestamp = time };
                await recorder.RecordAsync(call, DeliveryMode.Durable, Cancel);
            }
        }

        var after = frozen.DayFiles();
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key][..file.Value.Length]));
        var reader = new TrailReader(home, _time);
        foreach (var (user, day) in days)
        {
            var last = await reader.ReadDayAsync(user, day, cancellationToken: Cancel).LastAsync(Cancel);
            Assert.Equal("added", last.Decode(home.TimeZone).Tool);
        }

        // No new part was begun.
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
    }

    private static (string User, DateOnly Day) UserAndDay(string path)
    {
        var user = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)))!;
        return (UserFolderName.Decode(user)!, DateOnly.Parse(Path.GetFileName(path)[..10], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Describe(StoredRecord record, TrailHome home)
    {
        var decoded = record.Decode(home.TimeZone);
        return $"{record.Timestamp:yyyy-MM-dd HH:mm:ss} {decoded.User} {decoded.Tool} {decoded.Status}";
    }
}
