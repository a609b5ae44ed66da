using ToolTrail.Home;
using ToolTrail.Records;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>Reads one page, newest first, over the folders of one user or of all. Used once.</summary>
internal sealed class PageReader
{
    private readonly TrailHome _home;
    private readonly int _limit;
    private readonly TimeZoneInfo _zone;
    private readonly RecordMatcher _matcher;
    private readonly CallRows? _rows;
    private readonly List<StoredRecord> _records = [];
    private long _lastKey;
    private long _skipped;
    private long _looked;

    public PageReader(TrailHome home, RecordFilter filter, int limit)
    {
        (_home, _limit, _zone) = (home, limit, home.TimeZone);
        _matcher = new RecordMatcher(filter);
        _rows = filter.OneRowPerCall ? new CallRows(home, _matcher) : null;
    }

    /// <summary>Most bytes of lines that are looked through.</summary>
    public long Reach { get; init; } = long.MaxValue;

    private bool IsDone => _records.Count == _limit || _looked >= Reach;

    /// <summary>Reads the page.</summary>
    /// <param name="folders">The user folders to read.</param>
    /// <param name="days">Calendar days, today included.</param>
    /// <param name="now">Tells today.</param>
    /// <param name="after">The last record of the page before; it stands in one of the folders.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public RecordPage Read(
        IEnumerable<string> folders, int days, DateTimeOffset now, PageCursor? after, CancellationToken cancellationToken)
    {
        after?.Verify(_home);
        var span = new DaySpan(_home, days, now);
        var more = false;
        foreach (var (day, files) in FilesByDay(folders, IsWanted, cancellationToken))
        {
            more = IsDone;
            if (more)
                break;
            using var merge = new DayMerge(Find(files), _zone, mayGrow: day >= span.Today, after?.Position.File.Day == day ? after : null);
            more = TakeFrom(merge, cancellationToken);
            _skipped += merge.Skipped;
            if (more)
                break;
        }

        var next = more && _records.Count > 0 ? PageCursor.Of(_records[^1], _lastKey).ToString() : null;
        _records.Sort(static (a, b) => a.Timestamp != b.Timestamp ? b.Timestamp.CompareTo(a.Timestamp) : b.Position.CompareTo(a.Position));
        return new RecordPage(_records, next, _skipped);

        // Midnight between two pages does not cut off the day that they were at.
        bool IsWanted(DateOnly day) => after is null ? span.Contains(day) : day == after.Position.File.Day || (day < after.Position.File.Day && span.Contains(day));
    }

    // Whether the page became full, or looked as far as it may, and there is more of the day.
    private bool TakeFrom(DayMerge merge, CancellationToken cancellationToken)
    {
        while (merge.HasNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsDone)
                return true;
            Take(merge.Next());
        }

        return false;
    }

    private void Take(DayWalk walk)
    {
        _looked += walk.Current.Length;
        var line = walk.Parts.Read(walk.Current.At, walk.Current.Length);
        if (!RecordHeader.TryRead(line, _zone, out var header))
        {
            _skipped++;
            return;
        }

        if (!_matcher.Matches(header))
            return;
        var position = walk.Parts.PositionOf(walk.Current.At);
        IReadOnlyList<StoredRecord>? others = [];
        if (_rows is not null)
            others = _rows.OthersOf(position, header);
        if (others is null)
            return;
        _records.Add(new StoredRecord { Position = position, Timestamp = header.Timestamp, Line = line.ToArray(), Others = others });
        _lastKey = walk.Key;
    }

    // Newest day first; of each day, its files by user.
    private SortedDictionary<DateOnly, List<(string Folder, DayFileName Name)>> FilesByDay(
        IEnumerable<string> folders, Func<DateOnly, bool> wanted, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, List<(string, DayFileName)>>(Comparer<DateOnly>.Create(static (a, b) => b.CompareTo(a)));
        foreach (var folder in folders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var name in DayFile.Names(_home, folder).Where(name => wanted(name.Day)))
            {
                if (!days.TryGetValue(name.Day, out var files))
                    days.Add(name.Day, files = []);
                files.Add((folder, name));
            }
        }

        return days;
    }

    // Only the days that are come to are looked at.
    private IEnumerable<DayParts> Find(List<(string Folder, DayFileName Name)> files) =>
        from file in files
        let found = DayFile.Find(_home, file.Folder, file.Name)
        where found is not null
        group found.Value by file.Folder into parts
        select new DayParts(parts.Key, parts);
}
