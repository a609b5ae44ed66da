using System.Text;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

/// <summary>A home of a test's own, its day files, and a reader at noon of a fixed day.</summary>
internal sealed class Trail : IDisposable
{
    public static readonly DateOnly Today = new(2026, 11, 23);
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public Trail(TimeZoneInfo? zone = null)
    {
        Home = TrailHome.Open(_folder.At("home"), zone);
        Files = new DayFiles(Home) { LastWrite = Noon };
        Reader = new TrailReader(Home, Time);
    }

    public TrailHome Home { get; }

    public DayFiles Files { get; }

    public FakeTimeProvider Time { get; } = new(Noon);

    public TrailReader Reader { get; }

    public static string Text(StoredRecord record) => Encoding.UTF8.GetString(record.Line.Span);

    /// <summary>Appends lines to a user's first part of today.</summary>
    public void Append(string user, params IEnumerable<string> lines) => Files.Append(user, Today, 1, lines);

    /// <summary>All pages, one after the other: of one user or of all.</summary>
    public async Task<List<StoredRecord>> PagesAsync(string? user, int limit, RecordFilter? filter = null, int days = 7)
    {
        var records = new List<StoredRecord>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(user, limit, filter, days, cursor);
            Assert.InRange(page.Records.Count, 0, limit);
            records.AddRange(page.Records);
            cursor = page.Next;
        }
        while (cursor is not null);
        return records;
    }

    /// <summary>A page: of one user or of all.</summary>
    public Task<RecordPage> PageAsync(string? user, int limit, RecordFilter? filter = null, int days = 7, string? cursor = null) =>
        user is null
        ? Reader.ReadRecentAllUsersAsync(days, limit, filter, cursor, TestContext.Current.CancellationToken)
        : Reader.ReadRecentAsync(user, days, limit, filter, cursor, TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Dispose();
}
