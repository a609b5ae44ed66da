using System.Diagnostics;
using ToolTrail.Recording;

namespace ToolTrail.Storage;

/// <summary>
/// What a store does beside writing, twice a second while there is something to do: syncs what Background records left dirty, tells of losses
/// once writing works again, closes the files of idle users.
/// </summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    // Written within 50 ms and looked at twice a second: synced within 1 s.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    // With more dirty files than these, one sync of the whole file system is cheaper than theirs one by one.
    private const int MostOneByOne = 16;
    private const int MostOpen = 256;

    private readonly StoreContext _context;
    private readonly DayFileStore _store;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private int _isSet;
    private int _open;
    private volatile bool _closedDirty;
    private volatile bool _isEnding;

    public Housekeeping(StoreContext context, DayFileStore store)
    {
        _context = context;
        _store = store;
        _timer = context.Time.CreateTimer(_ => _ = RunAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>There is something to do.</summary>
    public void Wake()
    {
        if (!_isEnding && Interlocked.Exchange(ref _isSet, 1) == 0)
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Counts the lanes whose files are open.</summary>
    public void Count(bool wasOpen, bool isOpen)
    {
        if (wasOpen != isOpen)
            Interlocked.Add(ref _open, isOpen ? 1 : -1);
    }

    /// <summary>Whether so many files are open that a lane has to close its own at once.</summary>
    public bool HasTooManyOpen(Lane lane)
    {
        if (Volatile.Read(ref _open) < MostOpen || !lane.Appender.IsOpen)
            return false;
        if (lane.Unsynced == 0)
            return true;
        if (!lane.IsCovered)
        {
            Request(lane, sync: true, close: true);
            return false;
        }

        // Closed without a sync of its own: 10,000 of them would take seconds. The next sync is one of the whole file system.
        return _closedDirty = true;
    }

    /// <summary>Brings everything that was appended to the disk.</summary>
    /// <exception cref="TrailWriteException">It did not get there.</exception>
    public async Task SyncAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var dirty = _store.Lanes.Where(lane => lane.Unsynced > 0).ToLookup(lane => lane.IsCovered);
            var (together, oneByOne) = (dirty[true].ToList(), dirty[false].ToList());
            if (_closedDirty || together.Count > MostOneByOne)
            {
                _closedDirty = false;
                await Task.Run(() => SyncTogether(together)).ConfigureAwait(false);
            }
            else
            {
                oneByOne.AddRange(together);
            }

            await DayFileStore.WhenAllAsync(oneByOne, lane => _store.Done(lane, durable: true)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        // Whoever is at it comes to its end.
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private async Task RunAsync()
    {
        Volatile.Write(ref _isSet, 0);
        if (_isEnding)
            return;
        try
        {
            await SyncAsync().ConfigureAwait(false);
        }
        catch (TrailWriteException e)
        {
            // The losses are counted where they happened.
            _context.Logger.SweepFailed(e.Message);
        }
        catch (ObjectDisposedException) when (_isEnding)
        {
            return;
        }

        foreach (var loss in _store.Losses.Pending)
            Request(_store.LaneOf(loss.User), sync: true);
        LookAtLanes();
        if (_store.Lanes.Any())
            Wake();
    }

    private void LookAtLanes()
    {
        foreach (var lane in _store.Lanes)
        {
            var idle = _context.Time.GetElapsedTime(lane.LastWrite) > IdleAfter;
            if (lane.IsFailing)
                Request(lane, sync: true);
            else if (idle && lane.Appender.IsOpen && lane.Unsynced == 0)
                Request(lane, close: true);
            else if (idle)
                _store.Retire(lane);
        }
    }

    private void Request(Lane lane, bool sync = false, bool close = false) => _store.See(lane, lane.Request(sync, close));

    private void SyncTogether(List<Lane> dirty)
    {
        var taken = dirty.ConvertAll(lane => (Lane: lane, Count: lane.Appender.Unsynced.Take(out var lengths), Lengths: lengths));
        try
        {
            _context.Mark.Sync();
            var started = Stopwatch.GetTimestamp();
            _context.FileSystem.Sync();
            _context.Metrics.Synced(Stopwatch.GetElapsedTime(started));
            foreach (var (lane, _, lengths) in taken)
                lane.Appender.TellSynced(lengths);
        }
        catch (IOException e)
        {
            foreach (var (lane, count, _) in taken)
            {
                lane.MustEndParts = true;
                if (count > 0)
                    _store.Lose(lane.User, count, e.Message);
            }

            throw new TrailWriteException($"Syncing the file system of '{_context.Home.Path}' failed: {e.Message}", e);
        }
    }
}
