namespace ToolTrail.Reading;

/// <summary>
/// Walks a user's day newest first, block by block from the tail. The order is fixed by what stands before a line, which never changes:
/// a line belongs to the round of its block, or of the block before if that one holds a newer time; rounds come last first, and within a
/// round
/// lines come by time, then place, both descending. So lines that stand less than a block out of order come by time, any others come
/// near where they stand, and each comes once, however the day grows. See docs/decisions/0011-the-order-of-pages.md.
/// </summary>
internal sealed class DayWalk : IDisposable
{
    private readonly DayParts _parts;
    private readonly TimeZoneInfo _zone;
    private readonly bool _mayGrow;
    private List<LineKey> _round = [];
    private List<LineKey> _deferred = [];
    private LineBlock _before;
    private int _index = -1;
    private long _skipped;

    /// <param name="parts">The day, disposed with the walk.</param>
    /// <param name="zone">The zone of time stamps without an offset.</param>
    /// <param name="mayGrow">Whether a last line without LF may be one that is just being written.</param>
    /// <param name="newest">No time in the day is later: later ones count as this.</param>
    public DayWalk(DayParts parts, TimeZoneInfo zone, bool mayGrow, long newest)
    {
        (_parts, _zone, _mayGrow, Key) = (parts, zone, mayGrow, newest);
        _before = Block((parts.Length - 1) / LineBlock.Bytes);
    }

    /// <summary>The day.</summary>
    public DayParts Parts => _parts;

    /// <summary>The line walked to.</summary>
    public LineKey Current => _round[_index];

    /// <summary>
    /// What the walk is merged with others by: the line's time, or, while newer lines are still to come, theirs. Never rises.
    /// </summary>
    public long Key { get; private set; }

    /// <summary>Walks on.</summary>
    /// <returns>False when the day is done.</returns>
    public bool MoveNext()
    {
        while (++_index >= _round.Count)
        {
            if (_before.Number < 0)
                return false;
            _skipped += _before.Skipped;
            BeginRound();
        }

        // While something newer may be to come (it stands before a whole block of older lines), this line stands in for it.
        Key = Math.Min(Key, Math.Max(Current.Time, _before.Newest));
        return true;
    }

    /// <summary>Goes to where an earlier walk was, instead of walking there.</summary>
    /// <param name="position">Of the line that it had come to.</param>
    /// <param name="key">Its key then.</param>
    /// <exception cref="InvalidCursorException">The line is gone.</exception>
    public void Resume(RecordPosition position, long key)
    {
        var at = _parts.PlaceOf(position) ?? throw InvalidCursorException.Stale();
        var block = Block(at / LineBlock.Bytes);
        var line = block.Lines.Find(line => line.At == at);
        var before = Block(block.Number - 1);
        var round = line.Time < before.Newest ? before : block;
        _deferred = Block(round.Number + 1).Lines.FindAll(line => line.Time < round.Newest);
        _before = round;
        BeginRound();
        _index = _round.BinarySearch(line);
        Key = key;
    }

    /// <summary>Lines that are no records in the blocks that were come to since this was last asked.</summary>
    public long TakeSkipped()
    {
        var skipped = _skipped;
        _skipped = 0;
        return skipped;
    }

    /// <inheritdoc/>
    public void Dispose() => _parts.Dispose();

    private LineBlock Block(long number) => LineBlock.Read(_parts, number, _zone, _mayGrow);

    private void BeginRound()
    {
        var block = _before;
        _before = Block(block.Number - 1);
        (_round, _deferred) = (_deferred, []);
        foreach (var line in block.Lines)
            (line.Time < _before.Newest ? _deferred : _round).Add(line);
        _round.Sort();
        _index = -1;
    }
}
