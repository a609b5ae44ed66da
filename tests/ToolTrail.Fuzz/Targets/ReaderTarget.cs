using System.Text;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Records;

namespace ToolTrail.Fuzz.Targets;

/// <summary>
/// An input as a cursor and the bytes of day files (form feeds between them): read in pages backwards, day by day, by following, and for counting, all of
/// which find the same records.
/// </summary>
internal sealed class ReaderTarget : IFuzzTarget
{
    // Two parts of a past day, then today, of which a last line without LF may just be being written.
    private static readonly (string User, string File)[] Files =
        [("ann", "2026-11-21.jsonl"), ("ann", "2026-11-21.2.jsonl"), ("ann", "2026-11-22.jsonl"), ("bob", "2026-11-22.jsonl")];

    private static ReadOnlySpan<byte> ZstdFrame => [0x28, 0xB5, 0x2F, 0xFD];

    private readonly ScratchFolder _folder = new();
    private readonly TrailHome _home;

    public ReaderTarget()
    {
        _home = TrailHome.Open(_folder.At("home"));
        foreach (var (user, _) in Files)
            Directory.CreateDirectory(_home.AuditPath(user));
    }

    public void Run(byte[] input)
    {
        var parts = InputParts.Of(input, 1 + Files.Length);
        var isPlain = Write(parts);
        try
        {
            ReadAsync(Encoding.UTF8.GetString(parts[0]), isPlain ? Expected(parts) : null).GetAwaiter().GetResult();
        }
        catch (InvalidDataException) when (!isPlain)
        {
            // The documented answer to a compressed part that is damaged.
        }
    }

    public void Dispose() => _folder.Dispose();

    private bool Write(List<byte[]> parts)
    {
        var isPlain = true;
        for (var i = 0; i < Files.Length; i++)
        {
            var path = Path.Combine(_home.AuditPath(Files[i].User), Files[i].File);
            File.Delete(path);
            File.Delete(path + ".zst");
            if (i + 1 >= parts.Count)
                continue;
            var isCompressed = parts[i + 1].AsSpan().StartsWith(ZstdFrame);
            isPlain &= !isCompressed;
            File.WriteAllBytes(isCompressed ? path + ".zst" : path, parts[i + 1]);
        }

        return isPlain;
    }

    // The records as anybody would find them: line by line.
    private static List<string> Expected(List<byte[]> parts)
    {
        var found = new List<string>();
        for (var i = 1; i < parts.Count; i++)
        {
            for (int start = 0, end; start < parts[i].Length; start = end + 1)
            {
                end = Array.IndexOf(parts[i], (byte)'\n', start);
                end = end < 0 ? parts[i].Length : end;
                if (RecordHeader.TryRead(parts[i].AsSpan(start, end - start), TimeZoneInfo.Utc, out _))
                    found.Add($"{Files[i - 1].User}/{Files[i - 1].File}:{start}{(end < parts[i].Length ? "" : " open")}");
            }
        }

        return found;
    }

    private async Task ReadAsync(string cursor, List<string>? expected)
    {
        var reader = new TrailReader(_home, new FixedClock());
        await TryCursorAsync(reader, cursor);
        foreach (var (user, limit) in new (string?, int)[] { (null, 3), ("ann", 2), (null, 10_000) })
        {
            var records = await PagesAsync(reader, user, limit);
            Check($"pages of {limit} of {user ?? "all"}", records, expected?.Where(place => user is null || place.StartsWith(user, StringComparison.Ordinal)));
        }

        Check("days", await DaysAsync(reader), expected);
        Check("following", await FollowAsync(reader, FollowPosition.Start), expected?.Where(place => !place.EndsWith(" open", StringComparison.Ordinal)));
        await reader.ReadStatsAsync(null);
        var end = await reader.ReadEndAsync(null);
        BrokenPropertyException.Unless(FollowPosition.Parse(end.ToString()).ToString() == end.ToString(), "A position is not read as it is written.");
        Check("following from the end", await FollowAsync(reader, end), []);
    }

    private static void Check(string how, List<StoredRecord> records, IEnumerable<string>? expected)
    {
        foreach (var record in records)
            record.Decode(TimeZoneInfo.Utc);
        if (expected is null)
            return;
        var found = records.Select(record => $"{record.Position.UserFolder}/{record.Position.File}:{record.Position.Offset}").Order(StringComparer.Ordinal).ToList();
        var wanted = expected.Select(place => place.Split(' ')[0]).Order(StringComparer.Ordinal).ToList();
        BrokenPropertyException.Unless(found.SequenceEqual(wanted), $"By {how}: {string.Join(", ", found)}; and there are {string.Join(", ", wanted)}.");
    }

    private static async Task<List<StoredRecord>> PagesAsync(TrailReader reader, string? user, int limit)
    {
        var records = new List<StoredRecord>();
        string? cursor = null;
        do
        {
            var page = user is null
                ? await reader.ReadRecentAllUsersAsync(limit: limit, cursor: cursor)
                : await reader.ReadRecentAsync(user, limit: limit, cursor: cursor);
            BrokenPropertyException.Unless(page.Next is null || page.Records.Count == limit, "A page that is not the last is not full.");
            records.AddRange(page.Records);
            cursor = page.Next;
        }
        while (cursor is not null);
        return records;
    }

    private static async Task<List<StoredRecord>> DaysAsync(TrailReader reader)
    {
        var records = new List<StoredRecord>();
        foreach (var user in Files.Select(file => file.User).Distinct())
        {
            await foreach (var day in reader.ReadDaysAsync(user))
            {
                var before = records.Count;
                await foreach (var record in reader.ReadDayAsync(user, day.Day))
                    records.Add(record);
                BrokenPropertyException.Unless(day.Records == records.Count - before, $"{day} was counted, and {records.Count - before} records were read.");
            }
        }

        return records;
    }

    // All that is there has come when the follower is going to rest.
    private async Task<List<StoredRecord>> FollowAsync(TrailReader reader, FollowPosition from)
    {
        using var enough = new CancellationTokenSource();
        var following = new TrailReader(_home, new FixedClock { Waiting = enough.Cancel });
        var records = new List<StoredRecord>();
        try
        {
            await foreach (var followed in following.FollowAsync(null, from, cancellationToken: enough.Token))
                records.Add(followed.Record);
        }
        catch (OperationCanceledException)
        {
            // It rests.
        }

        return records;
    }

    private async Task TryCursorAsync(TrailReader reader, string cursor)
    {
        try
        {
            await reader.ReadRecentAllUsersAsync(cursor: cursor);
        }
        catch (InvalidCursorException)
        {
            // The one answer to what is no cursor.
        }

        try
        {
            var from = FollowPosition.Parse(cursor);
            await FollowAsync(reader, from);
        }
        catch (InvalidCursorException)
        {
            // The same.
        }
    }
}
