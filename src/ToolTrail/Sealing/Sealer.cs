using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// Signs what a store brings to the disk: each part's checkpoint a second after it grew, and at least once a minute into the seal log; at the end all of it.
/// Beside the writers, which never wait for it.
/// </summary>
internal sealed class Sealer : IPartGuard
{
    private const int MostCheckpoints = 200;
    private const int SealAfterSeconds = 60;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(2);

    // A day closes two days after its end, in whatever zone.
    private static readonly TimeSpan MayBeClosedAfter = TimeSpan.FromHours(47);

    private static readonly PartObjection Closed = new("its day is closed", IsAlarm: false);

    private readonly ConcurrentDictionary<PartName, SealedPart> _parts = new();
    private readonly ConcurrentDictionary<PartName, PartObjection> _found = new();
    private readonly ConcurrentDictionary<PartName, TreeLook> _looks = new();
    private readonly SealingContext _context;
    private readonly FileSystemSync _fileSystem;
    private readonly SealingRound _round;
    private readonly PartCloser _closer;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly bool _sealsAllAtEnd;
    private readonly ITimer _timer;
    private int _isSet;
    private volatile bool _hasFound;
    private volatile bool _isEnding;

    public Sealer(TrailHome home, string? keyPath, Func<PartName, bool> isOurs, TimeProvider time, ILogger logger, bool sealsAllAtEnd = true)
    {
        _context = new SealingContext { Home = home, Log = new SealLog(home, keyPath), Time = time, Logger = logger, IsOurs = isOurs };
        _sealsAllAtEnd = sealsAllAtEnd;
        _fileSystem = new FileSystemSync(home.Path);
        _round = new SealingRound(_context, _fileSystem);
        _closer = new PartCloser(_context);
        _timer = time.CreateTimer(_ => _ = TickAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What everything that seals shares.</summary>
    public SealingContext Context => _context;

    /// <summary>Why nothing is sealed at the moment; <c>null</c>: it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The parts that do not fit what was signed of them, and why.</summary>
    public IReadOnlyList<string> Alarms => [.. _found.Where(found => found.Value.IsAlarm).Select(found => $"{found.Key}: {found.Value.Reason}").Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Synced(PartName part, long length)
    {
        while (true)
        {
            var known = _parts.GetOrAdd(part, static (name, context) => new SealedPart(context, name), _context);
            known.Reach(length);
            // Forgotten in between: then nobody would look at it.
            if (_parts.TryGetValue(part, out var still) && still == known)
                break;
        }

        Wake();
    }

    /// <inheritdoc/>
    public PartObjection? ObjectionTo(PartName part, long? length)
    {
        if (_found.TryGetValue(part, out var found))
            return found;
        var files = new PartFiles(_context.Home, part);
        var state = TreeState.Read(files.Tree);
        if (state is { IsClosed: true } || (MayBeClosed(part) && IsClosedByTheLog(part)))
            return Closed;
        if (state is null)
            return null;
        if (state.Tree.Size == 0 && state.Alarm is null)
            return null;
        var reason = state.Alarm
            ?? (length is null ? $"its file is gone, and {state.Tree.Size} lines of it were signed" : null)
            ?? (length < state.Offset ? $"it has {length} bytes, and {state.Offset} were signed: it became shorter" : null)
            ?? (!File.Exists(files.Checkpoint) ? $"its checkpoint is missing, and {state.Tree.Size} lines of it were signed" : null);
        return reason is null ? null : Found(part, reason);
    }

    /// <inheritdoc/>
    public PartObjection? FoundIn(PartName part)
    {
        if (_hasFound && _found.TryGetValue(part, out var found))
            return found;
        // Another process may close it at any time, whoever erases on its first day.
        var file = new FileInfo(new PartFiles(_context.Home, part).Tree);
        if (!file.Exists)
            return null;
        if (!_looks.TryGetValue(part, out var look) || look.Time != file.LastWriteTimeUtc || look.Length != file.Length)
            _looks[part] = look = new TreeLook(file.LastWriteTimeUtc, file.Length, TreeState.Read(file.FullName) is { IsClosed: true });
        return look.IsClosed ? Closed : null;
    }

    /// <inheritdoc/>
    public long SignedUpTo(PartName part)
    {
        var files = new PartFiles(_context.Home, part);
        return File.Exists(files.Checkpoint) && TreeState.Read(files.Tree) is { Alarm: null } state ? state.Offset : 0;
    }

    /// <inheritdoc/>
    public PartObjection Alarm(PartName part, string reason) => Found(part, reason);

    /// <inheritdoc/>
    public async Task CatchUpAsync()
    {
        try
        {
            await RunAsync(() => RunAll(_ => true)).ConfigureAwait(false);
        }
        catch (SealingException e)
        {
            // The store below knows failures to write alone.
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Closes a part of which something is sealed.</summary>
    public Task CloseAsync(PartName part, CancellationToken cancellationToken) => ApplyAsync(part, () => _closer.Close(part, cancellationToken));

    /// <summary>Does something long with a part, while others are signed; that the part does not fit what was signed of it becomes an alarm.</summary>
    public Task ApplyAsync(PartName part, Action action) => OnOwnThreadAsync(() => OrAlarm(part, action));

    /// <summary>Tells of a part that was signed and whose file is gone, unless that is as it should be.</summary>
    public void LookAtGone(PartName part)
    {
        var files = new PartFiles(_context.Home, part);
        // Listed before its tree, it may have been begun since.
        if (!File.Exists(files.Lines) && TreeState.Read(files.Tree) is { IsClosed: false, Tree.Size: > 0 } state)
            Found(part, $"its file is gone, and {state.Tree.Size} lines of it were signed");
    }

    /// <inheritdoc/>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        try
        {
            await RunAsync(() => RunAll(_sealsAllAtEnd ? _ => true : IsDue)).ConfigureAwait(false);
            IsDone = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SealingException)
        {
            // Health says so, and the run's mark stays: the next process does the rest.
            Fails(e);
        }

        _fileSystem.Dispose();
        _turn.Dispose();
    }

    // Hashing and syncing take their time.
    private static Task OnOwnThreadAsync(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Wake()
    {
        if (!_isEnding && Volatile.Read(ref _isSet) == 0 && Interlocked.Exchange(ref _isSet, 1) == 0)
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private async Task TickAsync()
    {
        Volatile.Write(ref _isSet, 0);
        try
        {
            await RunAsync(() => Round(Due(IsDue).Take(MostCheckpoints), IsDue)).ConfigureAwait(false);
            if (Problem is not null)
                _context.Logger.SealsAgain();
            Problem = null;
        }
        catch (ObjectDisposedException) when (_isEnding)
        {
            return;
        }
        catch (Exception e)
        {
            // Whatever it is: the next second tries again, and health says so.
            Fails(e);
        }

        Forget();
        if (!_parts.IsEmpty)
            Wake();
    }

    // One round at a time: it is the rounds that use the trees of the parts that were recorded to.
    private async Task RunAsync(Action action)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await OnOwnThreadAsync(action).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    // What has waited longest comes first.
    private IEnumerable<SealedPart> Due(Predicate<SealedPart> isDue) =>
        _parts.Values.Where(part => part.HasUnsigned || (part.HasUnsealed && isDue(part))).OrderBy(part => part.LastSigned);

    private void RunAll(Predicate<SealedPart> isDue)
    {
        foreach (var some in Due(isDue).ToList().Chunk(MostCheckpoints))
        {
            // Others hold a user's trees for one round.
            var started = Stopwatch.GetTimestamp();
            for (var rest = Round(some, isDue); rest.Count > 0; rest = Round(rest, isDue))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    throw new IOException($"another process has held the trees of '{rest[0].Tree.Part.UserFolder}' for {Patience.TotalSeconds:0} s");
                Thread.Sleep(1);
            }
        }
    }

    private IReadOnlyList<SealedPart> Round(IEnumerable<SealedPart> parts, Predicate<SealedPart> isDue) =>
        _round.Run([.. parts], isDue, (part, reason) => Found(part, reason));

    // A clock that was set back is no reason to wait until it has caught up.
    private bool IsDue(SealedPart part) =>
        part.Tree.State.Sealed is null || _context.Now - part.Tree.State.SealedAt is >= SealAfterSeconds or < 0;

    private bool IsClosedByTheLog(PartName part)
    {
        try
        {
            return _context.Log.IsClosed(PartOrigin.Of(_context.Home.Installation, part));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SealingException)
        {
            // A log that cannot be read keeps nobody from recording: then the part's own state has to do, and health tells of the log.
            Fails(e);
            return false;
        }
    }

    private bool MayBeClosed(PartName part) => _context.Home.DayOf(_context.Time.GetUtcNow() - MayBeClosedAfter) > part.File.Day;

    private void OrAlarm(PartName part, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is PartAlarmException or DamagedPartException)
        {
            // It does not fit what was signed, or is compressed and damaged.
            Found(part, e.Message);
        }
    }

    private PartObjection Found(PartName part, string reason)
    {
        var found = new PartObjection(reason, IsAlarm: true);
        if (_found.TryAdd(part, found))
            _context.Logger.PartAlarm(part.ToString(), reason);
        _hasFound = true;
        _parts.TryRemove(part, out _);
        return found;
    }

    // What is sealed and does not grow any more is taken up again from its files.
    private void Forget()
    {
        foreach (var (name, part) in _parts)
        {
            if (!part.HasUnsigned && !part.HasUnsealed && _context.Time.GetElapsedTime(part.LastSigned) > IdleAfter)
                Forget(name, part);
        }
    }

    private void Forget(PartName name, SealedPart part)
    {
        _looks.TryRemove(name, out _);
        if (_parts.TryRemove(KeyValuePair.Create(name, part)) && part.HasUnsigned)
            Synced(name, part.Target);
    }

    private void Fails(Exception e)
    {
        if (Problem != e.Message)
            _context.Logger.SealingFails(e.Message);
        Problem = e.Message;
    }

    // A part's .tree as it was when it was read.
    private readonly record struct TreeLook(DateTime Time, long Length, bool IsClosed);
}
