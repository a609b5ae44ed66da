namespace ToolTrail.Storage;

/// <summary>What a lane wants of the store.</summary>
internal enum LaneNeed
{
    /// <summary>Nothing: it is on its way, or has nothing to do.</summary>
    None,

    /// <summary>To be written soon.</summary>
    Soon,

    /// <summary>To be written now.</summary>
    Now,
}

/// <summary>
/// A user's way to disk: callers add lines on any thread; one writer at a time takes what waits, writes it and comes back for more
/// (group commit). Its gate is held for copying a line, never for I/O.
/// </summary>
internal sealed class Lane
{
    /// <summary>So much is written at once, without waiting for more.</summary>
    private const int WriteAtBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<LineBatch> _full = [];
    private LineBatch _filling = new();
    private LineBatch? _spare;
    private bool _isSoon;
    private bool _isBusy;
    private bool _wantsSync;
    private bool _wantsClose;
    private List<DayFileName> _visits = [];
    private bool _isRetired;

    public Lane(StoreContext context, string user)
    {
        User = user;
        Appender = new FolderAppender(context, user);
    }

    /// <summary>Whose.</summary>
    public string User { get; }

    /// <summary>The files. Only for the writer that took a batch and has not yet given it back.</summary>
    public FolderAppender Appender { get; }

    /// <summary>Whether the last write failed. Only for the writer.</summary>
    public bool IsFailing { get; set; }

    /// <summary>Whether a sync of the whole file system failed since the last write: nothing may be appended to the open files.</summary>
    public bool MustEndParts { get; set; }

    /// <summary>Whether a sync of the home's whole file system reaches what was written last. Set by the writer.</summary>
    public bool IsCovered { get; set; }

    /// <summary>Clock ticks of the last write.</summary>
    public long LastWrite { get; set; }

    /// <summary>Background lines that were appended since the last sync.</summary>
    public long Unsynced => Appender.Unsynced.Count;

    /// <summary>Adds a line.</summary>
    /// <returns>False when the lane was retired: ask for the user's lane again.</returns>
    public bool TryAdd(DateOnly day, ReadOnlySpan<byte> line, bool mayRepeat, bool durable, out Task? whenDurable, out LaneNeed need)
    {
        lock (_gate)
        {
            (whenDurable, need) = (null, LaneNeed.None);
            if (_isRetired)
                return false;
            if (!_filling.HasRoom(line.Length))
            {
                _full.Enqueue(_filling);
                _filling = Fresh();
            }

            _filling.Add(day, line, mayRepeat, background: !durable);
            if (durable)
                whenDurable = _filling.WhenDurable();
            need = Next();
            return true;
        }
    }

    /// <summary>Waits until everything that was added is in the files, or on disk.</summary>
    public Task WhenDone(bool durable, out LaneNeed need)
    {
        lock (_gate)
        {
            need = LaneNeed.None;
            if (IsEmpty && !_isBusy && (!durable || Unsynced == 0))
                return Task.CompletedTask;
            var task = durable ? _filling.WhenDurable() : _filling.WhenWritten();
            need = Next();
            return task;
        }
    }

    /// <summary>Asks for a sync, or for closing the files, with the next write.</summary>
    public LaneNeed Request(bool sync, bool close)
    {
        lock (_gate)
        {
            _wantsSync |= sync;
            _wantsClose |= close;
            return Next();
        }
    }

    /// <summary>Asks that a part be looked at and synced with the next write, as if something were appended to it.</summary>
    /// <returns>A task that ends when that is done; <c>null</c> when the lane was retired: ask for the user's lane again.</returns>
    public Task? TryVisit(DayFileName part, out LaneNeed need)
    {
        lock (_gate)
        {
            need = LaneNeed.None;
            if (_isRetired)
                return null;
            _visits.Add(part);
            var task = _filling.WhenDurable();
            need = Next();
            return task;
        }
    }

    /// <summary>The time that it could wait is over.</summary>
    public LaneNeed BecomeDue()
    {
        lock (_gate)
        {
            _isSoon = false;
            if (_isBusy || IsEmpty)
                return LaneNeed.None;
            _isBusy = true;
            return LaneNeed.Now;
        }
    }

    /// <summary>Takes what has waited longest: everything, unless that is very much.</summary>
    /// <param name="sync">Whether it has to be on disk before it is given back.</param>
    /// <param name="close">Whether the files are to be closed then.</param>
    /// <param name="visits">Parts to be looked at.</param>
    public LineBatch Take(out bool sync, out bool close, out IReadOnlyList<DayFileName> visits)
    {
        lock (_gate)
        {
            if (!_full.TryDequeue(out var batch))
                (batch, _filling) = (_filling, Fresh());
            (sync, close) = (_wantsSync || batch.Durable is not null, _wantsClose);
            (_wantsSync, _wantsClose) = (false, false);
            visits = _visits;
            if (_visits.Count > 0)
                _visits = [];
            return batch;
        }
    }

    /// <summary>Gives a written batch back.</summary>
    public LaneNeed GiveBack(LineBatch batch)
    {
        lock (_gate)
        {
            batch.Clear();
            _spare = batch;
            _isBusy = false;
            return Next();
        }
    }

    /// <summary>Ends an idle lane.</summary>
    /// <returns>False when it is not idle.</returns>
    public bool TryRetire()
    {
        lock (_gate)
        {
            if (_isBusy || !IsEmpty || Unsynced > 0 || IsFailing || Appender.IsOpen)
                return false;
            _isRetired = true;
            return true;
        }
    }

    private bool IsEmpty => _full.Count == 0 && _filling.IsEmpty;

    private LineBatch Fresh()
    {
        var batch = _spare ?? new LineBatch();
        _spare = null;
        return batch;
    }

    private LaneNeed Next()
    {
        if (_isBusy)
            return LaneNeed.None;
        if (_full.Count > 0 || _wantsSync || _wantsClose || _filling.Durable is not null || _filling.Written is not null || _filling.Length >= WriteAtBytes)
        {
            _isBusy = true;
            return LaneNeed.Now;
        }

        if (_isSoon || IsEmpty)
            return LaneNeed.None;
        _isSoon = true;
        return LaneNeed.Soon;
    }
}
