using System.Runtime.CompilerServices;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>Reads a user's days in file order, all parts.</summary>
internal sealed class DayReader
{
    private readonly TrailHome _home;
    private readonly string _folder;
    private readonly DateOnly _today;

    /// <param name="home">The trail.</param>
    /// <param name="folder">The user's folder.</param>
    /// <param name="now">Tells today: only of days before it is a last line without LF certain to be broken.</param>
    public DayReader(TrailHome home, string folder, DateTimeOffset now)
    {
        (_home, _folder, _today) = (home, folder, home.DayOf(now));
        Files = DayFile.Names(home, folder);
    }

    /// <summary>The day files there are, in order.</summary>
    public IReadOnlyList<DayFileName> Files { get; }

    /// <summary>Opens a day's files one after the other; the caller closes them.</summary>
    public IEnumerable<(DayFile File, RecordReader Records)> Open(DateOnly day, Action<RecordPosition>? skipped)
    {
        var lastLine = day >= _today ? LastLine.TakeRecord : LastLine.Take;
        foreach (var name in Files.Where(name => name.Day == day))
        {
            if (DayFile.Find(_home, _folder, name) is { } file)
                yield return (file, new RecordReader(_folder, file, 0, _home.TimeZone, lastLine) { Skipped = skipped });
        }
    }

    /// <inheritdoc cref="TrailReader.ReadDayAsync"/>
    public async IAsyncEnumerable<StoredRecord> ReadAsync(
        DateOnly day, RecordFilter filter, Action<RecordPosition>? skipped, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var matcher = new RecordMatcher(filter);
        var rows = filter.OneRowPerCall ? new CallRows(_home, matcher) : null;
        foreach (var (_, records) in Open(day, skipped))
        {
            using var open = records;
            while (await NextAsync(records, matcher, rows, cancellationToken).ConfigureAwait(false) is { Count: > 0 } some)
            {
                foreach (var record in some)
                    yield return record;
            }
        }
    }

    /// <summary>Counts a day's lines.</summary>
    public TrailDay Count(DateOnly day, CancellationToken cancellationToken)
    {
        var (parts, bytes, count, skipped) = (0, 0L, 0L, 0L);
        foreach (var (file, records) in Open(day, _ => skipped++))
        {
            using var open = records;
            parts++;
            bytes += file.Length;
            for (; records.TryRead(out _, out _); count++)
                cancellationToken.ThrowIfCancellationRequested();
        }

        return new TrailDay(_folder, day, parts, bytes, count, skipped);
    }

    // Reads wait for the disk, so they are done away from the caller's thread, some records at a time.
    private static Task<List<StoredRecord>> NextAsync(
        RecordReader records, RecordMatcher matcher, CallRows? rows, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            const int Most = 256;
            var some = new List<StoredRecord>();
            while (some.Count < Most && records.Read(matcher, rows) is { } record)
            {
                cancellationToken.ThrowIfCancellationRequested();
                some.Add(record);
            }

            return some;
        },
        cancellationToken);
}
