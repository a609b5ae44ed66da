namespace ToolTrail.Reading;

/// <summary>
/// Merges one day of several users, newest first, and opens a user's files only once nothing newer can come from those that are open.
/// </summary>
internal sealed class DayMerge : IDisposable
{
    // The time by which a record's ts may be ahead when it is written.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    private readonly TimeZoneInfo _zone;
    private readonly bool _mayGrow;
    private readonly PageCursor? _after;
    private readonly List<DayParts> _closed;
    private readonly PriorityQueue<DayWalk, DayWalk> _open = new(Comparer<DayWalk>.Create(Order));
    private DayWalk? _last;

    /// <param name="users">The users' parts of the day.</param>
    /// <param name="zone">The zone of time stamps without an offset.</param>
    /// <param name="mayGrow">Whether a last line without LF may be one that is just being written.</param>
    /// <param name="after">The record of this day that was merged last; <c>null</c>: none of it was.</param>
    public DayMerge(IEnumerable<DayParts> users, TimeZoneInfo zone, bool mayGrow, PageCursor? after)
    {
        (_zone, _mayGrow, _after) = (zone, mayGrow, after);
        _closed = [.. users.OrderBy(Bound)];
    }

    /// <summary>Lines that are no records, met so far and not told by an earlier page.</summary>
    public long Skipped { get; private set; }

    /// <summary>Whether there is another line.</summary>
    public bool HasNext()
    {
        if (_last is not null)
            Return(_last, _last.MoveNext());
        _last = null;

        while (_closed.Count > 0 && (_open.Count == 0 || Bound(_closed[^1]) >= _open.Peek().Key))
        {
            var user = _closed[^1];
            _closed.RemoveAt(_closed.Count - 1);
            Open(new DayWalk(user, _zone, _mayGrow, Bound(user)));
        }

        return _open.Count > 0;
    }

    /// <summary>The walk whose <see cref="DayWalk.Current"/> is the next line; valid until the next call.</summary>
    public DayWalk Next()
    {
        if (!HasNext())
            throw new InvalidOperationException("There is no further line.");
        _last = _open.Dequeue();
        Skipped += _last.TakeSkipped();
        return _last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Dispose();
        while (_open.TryDequeue(out var walk, out _))
            walk.Dispose();
    }

    private static long Bound(DayParts user) => (user.LastWrite + MostAhead).UtcTicks;

    private static int Order(DayWalk a, DayWalk b) =>
        a.Key != b.Key ? b.Key.CompareTo(a.Key) : string.CompareOrdinal(b.Parts.UserFolder, a.Parts.UserFolder);

    private void Open(DayWalk walk)
    {
        var passed = false;
        if (_after is not null && walk.Parts.UserFolder == _after.Position.UserFolder)
        {
            walk.Resume(_after.Position, _after.Key);
            passed = true;
        }

        while (walk.MoveNext())
        {
            if (!WasMerged(walk))
            {
                Return(walk, more: true);
                return;
            }

            walk.TakeSkipped();
            passed = true;
        }

        if (passed)
            walk.TakeSkipped();
        Return(walk, more: false);
    }

    // Of the cursor's own user this is false once the walk was resumed: its place there is exact.
    private bool WasMerged(DayWalk walk)
    {
        if (_after is null || walk.Parts.UserFolder == _after.Position.UserFolder)
            return false;
        return walk.Key > _after.Key
            || (walk.Key == _after.Key && string.CompareOrdinal(walk.Parts.UserFolder, _after.Position.UserFolder) > 0);
    }

    private void Return(DayWalk walk, bool more)
    {
        if (more)
        {
            _open.Enqueue(walk, walk);
            return;
        }

        Skipped += walk.TakeSkipped();
        walk.Dispose();
    }
}
