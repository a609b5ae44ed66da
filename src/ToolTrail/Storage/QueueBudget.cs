namespace ToolTrail.Storage;

/// <summary>Room in the queue, in bytes of lines over all users. Safe for use by several threads.</summary>
internal sealed class QueueBudget
{
    private readonly Func<long> _limit;
    private readonly TimeProvider _time;
    private long _used;
    private int _waiting;
    private volatile TaskCompletionSource _room = NewSignal();

    /// <param name="limit">The most that may wait; asked each time.</param>
    /// <param name="time">The clock that bounds waiting.</param>
    public QueueBudget(Func<long> limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
    }

    /// <summary>Bytes that wait.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes room, whether there is some or not: for the few lines of the recorder's own.</summary>
    public void Take(int bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Takes room if there is some. A line larger than all room is let in alone.</summary>
    public bool TryTake(int bytes)
    {
        var used = Interlocked.Add(ref _used, bytes);
        if (used <= _limit() || used == bytes)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Waits for room.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="wait">Longest wait.</param>
    /// <returns>False when there was none in time.</returns>
    public async ValueTask<bool> TakeAsync(int bytes, TimeSpan wait)
    {
        var started = _time.GetTimestamp();
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                // The signal is taken before looking, so that room that is made in between wakes us.
                var room = _room.Task;
                if (TryTake(bytes))
                    return true;
                var left = wait - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    return false;
                try
                {
                    await room.WaitAsync(left, _time).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    // The last look is above.
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives room back.</summary>
    public void Return(long bytes)
    {
        Interlocked.Add(ref _used, -bytes);
        if (Volatile.Read(ref _waiting) > 0)
            Interlocked.Exchange(ref _room, NewSignal()).SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
