using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>
/// Tells in the trail of processes that ended without closing it, and looks at the files that they left. Safe for use by several threads.
/// </summary>
internal sealed class DeadRunNotice
{
    private const string Cause = "a process that recorded here ended without closing the file: Background records of its last second may be missing";

    private readonly StoreContext _context;
    private readonly DayFileStore _store;
    private int _isAtIt;

    public DeadRunNotice(StoreContext context, DayFileStore store)
    {
        _context = context;
        _store = store;
    }

    /// <summary>
    /// Looks for the dead, writes a recovery line for each user that they recorded for in the background, looks at their files, and takes their marks away once
    /// all is on disk and the guard is done with it.
    /// </summary>
    /// <returns>A task that never fails: what could not be told is logged, and told by the next look. At once when another thread is at it.</returns>
    public async Task WriteAsync()
    {
        if (Interlocked.Exchange(ref _isAtIt, 1) == 1)
            return;
        try
        {
            _context.DeadRuns.Look();
            if (_context.DeadRuns.Any)
                await TellAsync(_context.DeadRuns).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TrailWriteException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The marks stand: the next look tells of them.
            _context.Logger.DeadRunNotTold(e.Message);
        }
        finally
        {
            Volatile.Write(ref _isAtIt, 0);
        }
    }

    private async Task TellAsync(DeadRuns runs)
    {
        var told = new List<Task>();
        if (runs.MayMiss)
        {
            _context.Logger.DeadRunFound(runs.Users.Count);
            foreach (var user in runs.Users.Count > 0 ? runs.Users : [OwnLines.User])
                told.Add(TellAsync(user));
        }

        told.AddRange(runs.Files.Select(file => _store.VisitAsync(file.User, file.Name)));
        await Task.WhenAll(told).ConfigureAwait(false);
        if (_context.Guard is { } guard)
            await guard.CatchUpAsync().ConfigureAwait(false);
        runs.Remove();
    }

    private Task TellAsync(string user)
    {
        var now = _context.Time.GetUtcNow();
        var line = OwnLine.Recovery(user, 0, Cause, now);
        _store.Budget.Take(line.Length);
        return _store.Append(user, _context.Home.DayOf(now), line, mayRepeat: false, durable: true)!;
    }
}
