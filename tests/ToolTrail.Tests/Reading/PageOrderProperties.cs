using CsCheck;
using ToolTrail.Reading;
using ToolTrail.Storage;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Reading;

/// <summary>What holds for the pages of any trail.</summary>
public sealed class PageOrderProperties
{
    private static readonly string[] Users = ["ann", "bob", "a/b"];

    private static readonly Gen<Entry> AnyEntry =
        from user in Gen.OneOf(Users)
        from day in Gen.Int[0, 2]
        from part in Gen.Int[1, 3]
        from millisecond in Gen.OneOf(Gen.Int[0, 5], Gen.Int[0, 43_199_999])
        from padding in Gen.Frequency((8, Gen.Int[0, 200]), (1, Gen.Int[0, 60_000]))
        select new Entry(user, day, part, millisecond, padding);

    // Long lines in no order at all: a day is many blocks, and a record may stand any number of them from where its time belongs.
    private static readonly Gen<Entry> LongEntry =
        from millisecond in Gen.Int[0, 43_199_999]
        from padding in Gen.Int[20_000, 120_000]
        select new Entry("ann", 0, 1, millisecond, padding);

    [Fact]
    public Task Pages_OfAnyInterleaving_AreTheSortedTrailEachRecordOnce() =>
        Gen.Select(AnyEntry.Array[0, 40], Gen.Int[1, 9], Gen.OneOf<string?>([.. Users, null])).SampleAsync(async (entries, limit, user) =>
        {
            using var trail = new Trail();
            var expected = Sorted(trail, user, Write(trail, entries));
            var pages = await trail.PagesAsync(user, limit);
            Assert.Equal(expected, pages.Select(record => record.Position));
        }, iter: 150);

    [Fact]
    public Task Pages_WhileFilesGrow_HoldWhatWasThereAtFirstOnce() =>
        Gen.Select(AnyEntry.Array[5, 30], AnyEntry.Array[0, 40], Gen.Int[1, 7], Gen.OneOf<string?>([.. Users, null]))
            .SampleAsync(async (entries, more, limit, user) =>
        {
            using var trail = new Trail();
            var first = Write(trail, entries.Select(entry => entry with { Part = 1 }));
            var expected = Sorted(trail, user, first);
            var coming = new Queue<Entry>(more);
            var seen = new List<RecordPosition>();
            string? cursor = null;
            do
            {
                var page = await trail.PageAsync(user, limit, cursor: cursor);
                seen.AddRange(page.Records.Select(record => record.Position));
                cursor = page.Next;
                if (coming.TryDequeue(out var entry))
                    Write(trail, [entry with { Part = 1 }]);
            }
            while (cursor is not null);

            Assert.Equal(seen.Distinct(), seen);
            Assert.Equal(expected, seen.Where(first.ContainsKey));
        }, iter: 150);

    [Fact]
    public Task Pages_OfAnyOrderOverManyBlocks_HoldEachRecordOnceWhileOneUsersFilesGrow() =>
        Gen.Select(LongEntry.Array[20, 70], LongEntry.Array[0, 20], Gen.Int[1, 9], Gen.OneOf<string?>("ann", null))
            .SampleAsync(async (entries, more, limit, user) =>
        {
            using var trail = new Trail();
            var first = Write(trail, entries);
            var coming = new Queue<Entry>(user is null ? [] : more);
            var seen = new List<RecordPosition>();
            string? cursor = null;
            do
            {
                var page = await trail.PageAsync(user, limit, cursor: cursor);
                Assert.Equal(page.Records.OrderByDescending(record => record.Timestamp).ThenByDescending(record => record.Position),
                    page.Records);
                seen.AddRange(page.Records.Select(record => record.Position));
                cursor = page.Next;
                if (coming.TryDequeue(out var entry))
                    Write(trail, [entry]);
            }
            while (cursor is not null);

            Assert.Equal(seen.Distinct(), seen);
            Assert.Equal(first.Keys.Order(), seen.Where(first.ContainsKey).Order());
        }, iter: 40);

    private static Dictionary<RecordPosition, DateTimeOffset> Write(Trail trail, IEnumerable<Entry> entries)
    {
        var written = new Dictionary<RecordPosition, DateTimeOffset>();
        foreach (var entry in entries)
        {
            var day = Trail.Today.AddDays(-entry.DaysAgo);
            var time = new DateTimeOffset(day, default, TimeSpan.Zero).AddMilliseconds(entry.Millisecond);
            var path = trail.Files.PathOf(entry.User, day, entry.Part);
            var offset = File.Exists(path) ? new FileInfo(path).Length : 0;
            trail.Files.Append(entry.User, day, entry.Part,
                DayFiles.Line(time, entry.User, more: $",\"session\":\"{new string('x', entry.Padding)}\""));
            written.Add(new RecordPosition(trail.Home.UserFolder(entry.User), new DayFileName(day, entry.Part), offset), time);
        }

        return written;
    }

    private static List<RecordPosition> Sorted(Trail trail, string? user, Dictionary<RecordPosition, DateTimeOffset> written) =>
    [
        .. written.Where(record => user is null || record.Key.UserFolder == trail.Home.UserFolder(user))
            .OrderByDescending(record => record.Value).ThenByDescending(record => record.Key).Select(record => record.Key),
    ];

    private sealed record Entry(string User, int DaysAgo, int Part, int Millisecond, int Padding);
}
