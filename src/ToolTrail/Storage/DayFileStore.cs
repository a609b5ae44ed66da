using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Storage;

/// <summary>
/// Appends lines to a home's day files: group commit, one writer per user at a time, any number of processes on the home. Safe for use by any
/// number of threads.
/// </summary>
internal sealed class DayFileStore : IAsyncDisposable
{
    // Half of what is promised: within 50 ms in the file.
    private static readonly TimeSpan WriteAfter = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Lane> _soon = new();
    private readonly StoreContext _context;
    private readonly WriterThreads _threads;
    private readonly Housekeeping _housekeeping;
    private readonly ITimer _soonTimer;
    private readonly DeadRunNotice _notice;
    private readonly Func<string, Lane> _newLane;
    private long _recorded;
    private int _isSoonTimerSet;
    private int _failing;
    private bool _isClosed;

    /// <param name="home">The trail.</param>
    /// <param name="queueBytes">Most bytes of lines that may wait; asked each time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="guard">Makes who watches over the parts, given how to know those that a recorder made; disposed with the store.</param>
    public DayFileStore(TrailHome home, Func<long> queueBytes, TimeProvider time, ILogger logger, Func<Func<PartName, bool>, IPartGuard?> guard)
    {
        Budget = new QueueBudget(queueBytes, time);
        var mark = new RunMark(home);
        _context = new StoreContext
        {
            Home = home,
            Time = time,
            Logger = logger,
            Metrics = new StoreMetrics(() => Budget.Used),
            DeadRuns = new DeadRuns(home),
            Mark = mark,
            FileSystem = new FileSystemSync(home.Path),
            Guard = guard(mark.WasMade),
        };
        _threads = new WriterThreads(Write);
        _housekeeping = new Housekeeping(_context, this);
        _soonTimer = time.CreateTimer(_ => WriteSoonOnes(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _newLane = user => new Lane(_context, user);
        _notice = new DeadRunNotice(_context, this);
        _ = _notice.WriteAsync();
    }

    /// <summary>Room in the queue: taken by the caller before it appends, given back once its line is written.</summary>
    public QueueBudget Budget { get; }

    /// <summary>Records that were lost.</summary>
    public LossLedger Losses { get; } = new();

    /// <summary>Records written since the start.</summary>
    public long Recorded => Interlocked.Read(ref _recorded);

    /// <summary>Whether the last write of some user failed.</summary>
    public bool IsFailing => Volatile.Read(ref _failing) > 0;

    /// <summary>The lanes of all users that something was appended for lately.</summary>
    internal IEnumerable<Lane> Lanes => _lanes.Select(lane => lane.Value);

    /// <summary>Appends a line. The caller has taken room for it.</summary>
    /// <param name="user">Whose file.</param>
    /// <param name="day">The day of its time stamp.</param>
    /// <param name="line">The line, LF included; copied.</param>
    /// <param name="mayRepeat">Whether its id came from outside, so that it may have been stored before.</param>
    /// <param name="durable">Whether the caller waits for the disk.</param>
    /// <returns><c>null</c> for a caller that does not wait; else a task that ends when the line is on disk, or in a <see cref="TrailWriteException"/>.</returns>
    public Task? Append(string user, DateOnly day, ReadOnlySpan<byte> line, bool mayRepeat, bool durable)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        SetMark(background: !durable);
        while (true)
        {
            var lane = _lanes.GetOrAdd(user, _newLane);
            if (!lane.TryAdd(day, line, mayRepeat, durable, out var whenDurable, out var need))
                continue; // Retired in between: it is no longer among the lanes.
            See(lane, need);
            return whenDurable;
        }
    }

    /// <summary>Looks for processes that ended without closing the trail, and tells of them in it.</summary>
    public Task TellOfDeadRunsAsync() => _notice.WriteAsync();

    /// <summary>Looks at a part, as if something were appended to it, and brings it to the disk.</summary>
    /// <exception cref="TrailWriteException">It could not.</exception>
    public Task VisitAsync(string user, DayFileName part)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        while (true)
        {
            var lane = LaneOf(user);
            if (lane.TryVisit(part, out var need) is not { } visited)
                continue; // Retired in between: it is no longer among the lanes.
            See(lane, need);
            return visited;
        }
    }

    /// <summary>Counts a loss.</summary>
    public void Lose(string user, long count, string cause)
    {
        var now = _context.Time.GetUtcNow();
        Losses.Add(new Loss(user, count, now, now, cause));
        _context.Metrics.Lost(count);
        _housekeeping.Wake();
    }

    /// <summary>Waits until everything that was appended is on disk.</summary>
    /// <exception cref="TrailWriteException">Something could not be written.</exception>
    public async Task FlushAsync()
    {
        await WhenAllAsync(Lanes, lane => Done(lane, durable: false)).ConfigureAwait(false);
        await _housekeeping.SyncAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        var clean = true;
        try
        {
            await FlushAsync().ConfigureAwait(false);
        }
        catch (TrailWriteException)
        {
            // Counted and logged where it happened; closing goes on, and the mark stays.
            clean = false;
        }

        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        await _notice.WhenDoneAsync().ConfigureAwait(false);
        // Before the mark goes: it knows which files are ours.
        if (_context.Guard is { } guard)
            await guard.DisposeAsync().ConfigureAwait(false);

        await _soonTimer.DisposeAsync().ConfigureAwait(false);
        _threads.Dispose();
        foreach (var lane in _lanes.Values)
            lane.Appender.Dispose();
        foreach (var loss in Losses.Pending)
            _context.Logger.LossUntold(loss.Count, loss.User, loss.Cause);
        if (clean && Losses.Untold == 0)
            EndMark();
        _context.Mark.Dispose();
        _context.DeadRuns.Dispose();
        _context.FileSystem.Dispose();
        _context.Metrics.Dispose();
    }

    /// <summary>Does what a lane needs.</summary>
    internal void See(Lane lane, LaneNeed need)
    {
        if (need == LaneNeed.Now)
            _threads.Add(lane);
        if (need != LaneNeed.Soon)
            return;
        _soon.Enqueue(lane);
        if (Interlocked.Exchange(ref _isSoonTimerSet, 1) == 0)
            _soonTimer.Change(WriteAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The lane of a user.</summary>
    internal Lane LaneOf(string user) => _lanes.GetOrAdd(user, _newLane);

    /// <summary>Ends a lane that is idle.</summary>
    internal void Retire(Lane lane)
    {
        if (lane.TryRetire())
            _lanes.TryRemove(KeyValuePair.Create(lane.User, lane));
    }

    /// <summary>Waits for something of several lanes.</summary>
    /// <exception cref="TrailWriteException">One of them failed.</exception>
    internal static async Task WhenAllAsync(IEnumerable<Lane> lanes, Func<Lane, Task> each)
    {
        var tasks = lanes.Select(each).ToList();
        foreach (var task in tasks)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (tasks.Find(task => task.IsFaulted) is { } failed)
            await failed.ConfigureAwait(false);
    }

    /// <summary>Waits until what was added to a lane is in its files, or on disk.</summary>
    internal Task Done(Lane lane, bool durable)
    {
        var task = lane.WhenDone(durable, out var need);
        See(lane, need);
        return task;
    }

    private void WriteSoonOnes()
    {
        // Reset first: whoever adds from here on sets the timer again.
        Volatile.Write(ref _isSoonTimerSet, 0);
        for (var count = _soon.Count; count > 0 && _soon.TryDequeue(out var lane); count--)
            See(lane, lane.BecomeDue());
    }

    // Whether somebody waited for the disk.
    private bool Write(Lane lane)
    {
        SettleMark();
        var batch = lane.Take(out var sync, out var close, out var visits);
        var loss = Losses.Take(lane.User);
        var first = FirstLine(lane, loss);
        var wasOpen = lane.Appender.IsOpen;
        var started = Stopwatch.GetTimestamp();
        using var activity = StoreMetrics.Activities.StartActivity("tooltrail.write");
        activity?.SetTag("tooltrail.batch.size", batch.Count).SetTag("tooltrail.batch.bytes", batch.Length).SetTag("tooltrail.sync", sync);
        Exception? failure = null;
        try
        {
            if (lane.MustEndParts)
                lane.Appender.EndParts();
            lane.MustEndParts = false;
            if (first.Length > 0 || sync || batch.Count > 0)
                lane.Appender.Append(batch, first, visits, sync);
            _context.Metrics.Appended(batch.Count, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception e)
        {
            // Whatever it is, callers wait for an answer, and it must not end the host's process.
            failure = e;
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
        }

        lane.IsCovered = lane.Appender.IsCovered;
        Budget.Return(batch.Length);
        if (failure is null)
            Written(lane, batch, loss, sync);
        else
            Failed(lane, batch, loss, failure);
        if (close || _housekeeping.HasTooManyOpen(lane))
            lane.Appender.Dispose();
        _housekeeping.Count(wasOpen, lane.Appender.IsOpen);
        lane.LastWrite = _context.Time.GetTimestamp();
        var wasAwaited = batch.Durable is not null;
        See(lane, lane.GiveBack(batch));
        return wasAwaited;
    }

    // What has to stand before everything else once writing works again; also the try whether it does.
    private byte[] FirstLine(Lane lane, Loss? loss)
    {
        if (loss is not null)
            return OwnLine.Gap(loss, _context.Time.GetUtcNow());
        if (!lane.IsFailing)
            return [];
        return OwnLine.Recovery(lane.User, 0, $"writing failed, those who waited for it were told, and it works again: {Losses.LastCause}", _context.Time.GetUtcNow());
    }

    private void Written(Lane lane, LineBatch batch, Loss? loss, bool synced)
    {
        if (loss is not null)
            Losses.Told(loss);
        Interlocked.Add(ref _recorded, batch.Count);
        if (!synced)
            lane.Appender.Unsynced.Add(batch.BackgroundCount);
        if (lane.IsFailing)
        {
            lane.IsFailing = false;
            Interlocked.Decrement(ref _failing);
            _context.Logger.WritesAgain(lane.User);
        }

        batch.Written?.SetResult();
        batch.Durable?.SetResult();
        _housekeeping.Wake();
    }

    private void Failed(Lane lane, LineBatch batch, Loss? loss, Exception failure)
    {
        var cause = failure.Message;
        if (!lane.IsFailing)
        {
            lane.IsFailing = true;
            Interlocked.Increment(ref _failing);
            _context.Logger.WriteFailed(lane.User, cause);
        }

        if (loss is not null)
            Losses.Return(loss);
        var lost = batch.BackgroundCount + (failure is SyncFailedException ? lane.Appender.Unsynced.Take(out _) : 0);
        if (lost > 0)
            Lose(lane.User, lost, cause);
        Losses.Note(cause);

        var advice = failure is LockTimeoutException
            ? "Try again; if that lasts, look for the process that holds it ('lslocks', 'fuser')."
            : $"Look at the disk of '{_context.Home.Path}' (space, permissions, errors).";
        var exception = new TrailWriteException($"The trail of user '{lane.User}' could not be written: {cause}. {advice}", failure);
        batch.Written?.SetException(exception);
        batch.Durable?.SetException(exception);
        _housekeeping.Wake();
    }

    private void EndMark()
    {
        // The next process does what the guard could not.
        if (_context.Guard is { IsDone: false })
            _context.Mark.NoteFlushed();
        else
            _context.Mark.Remove();
    }

    private void SetMark(bool background)
    {
        try
        {
            _context.Mark.Set(background);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The record itself may still get through; if not, that is counted where it fails.
            _context.Logger.MarkFailed(e.Message);
        }
    }

    // On a writer's thread: Background callers do not wait for the disk.
    private void SettleMark()
    {
        try
        {
            _context.Mark.Settle();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
            _context.Logger.MarkFailed(e.Message);
        }
    }
}
