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

    private readonly ConcurrentDictionary<PartName, SealedPart> _parts = new();
    private readonly ConcurrentDictionary<PartName, PartObjection> _found = new();
    private readonly SealingContext _context;
    private readonly FileSystemSync _fileSystem;
    private readonly SealingRound _round;
    private readonly PartCloser _closer;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private int _isSet;
    private volatile bool _hasFound;
    private volatile bool _isEnding;

    public Sealer(TrailHome home, string? keyPath, Func<PartName, bool> isOurs, TimeProvider time, ILogger logger)
    {
        _context = new SealingContext { Home = home, Log = new SealLog(home, keyPath), Time = time, Logger = logger, IsOurs = isOurs };
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
        if (TreeState.Read(files.Tree) is not { } state)
            return null;
        if (state.IsClosed)
            return new PartObjection("its day is closed", IsAlarm: false);
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
        // Whoever erases from it closes it first, in whatever process, and whatever its day.
        return TreeState.Read(new PartFiles(_context.Home, part).Tree) is { IsClosed: true }
            ? new PartObjection("its day is closed", IsAlarm: false)
            : null;
    }

    /// <inheritdoc/>
    public Task CatchUpAsync() => RunAsync(everything: true);

    /// <summary>Closes a part of which something is sealed.</summary>
    public Task CloseAsync(PartName part, CancellationToken cancellationToken) => ApplyAsync(part, () => _closer.Close(part, cancellationToken));

    /// <summary>Does something long with a part, while others are signed; that the part does not fit what was signed of it becomes an alarm.</summary>
    public Task ApplyAsync(PartName part, Action action) => OnOwnThreadAsync(() => OrAlarm(part, action));

    /// <summary>Tells of a part that was signed and whose file is gone, unless that is as it should be.</summary>
    public void LookAtGone(PartName part)
    {
        if (TreeState.Read(new PartFiles(_context.Home, part).Tree) is { IsClosed: false, Tree.Size: > 0 } state)
            Found(part, $"its file is gone, and {state.Tree.Size} lines of it were signed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isEnding = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        try
        {
            await RunAsync(everything: true).ConfigureAwait(false);
        }
        catch (Exception e) when (IsExpected(e))
        {
            Fails(e);
        }

        _fileSystem.Dispose();
        _turn.Dispose();
    }

    // Hashing and syncing take their time.
    private static Task OnOwnThreadAsync(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException or SealingException;

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
            await RunAsync(everything: false).ConfigureAwait(false);
            if (Problem is not null)
                _context.Logger.SealsAgain();
            Problem = null;
        }
        catch (Exception e) when (IsExpected(e))
        {
            Fails(e);
        }
        catch (ObjectDisposedException) when (_isEnding)
        {
            return;
        }

        Forget();
        if (!_parts.IsEmpty)
            Wake();
    }

    // One round at a time: it is the rounds that use the trees of the parts that were recorded to.
    private async Task RunAsync(bool everything)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await OnOwnThreadAsync(() => Run(everything)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Run(bool everything)
    {
        var due = _parts.Values.Where(part => part.HasUnsigned || (part.HasUnsealed && (everything || IsDue(part)))).OrderBy(part => part.LastSigned).ToList();
        if (!everything)
        {
            Round(due.Take(MostCheckpoints), IsDue);
            return;
        }

        foreach (var some in due.Chunk(MostCheckpoints))
        {
            // Others hold a user's trees for one round.
            var started = Stopwatch.GetTimestamp();
            for (var rest = Round(some, _ => true); rest.Count > 0; rest = Round(rest, _ => true))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                    throw new IOException($"another process has held the trees of '{rest[0].Tree.Part.UserFolder}' for {Patience.TotalSeconds:0} s");
                Thread.Sleep(1);
            }
        }
    }

    private IReadOnlyList<SealedPart> Round(IEnumerable<SealedPart> parts, Predicate<SealedPart> isDue) =>
        _round.Run([.. parts], isDue, (part, reason) => Found(part, reason));

    private bool IsDue(SealedPart part) => part.Tree.State.Sealed is null || _context.Now - part.Tree.State.SealedAt >= SealAfterSeconds;

    private void OrAlarm(PartName part, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is PartAlarmException or InvalidDataException)
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
        if (_parts.TryRemove(KeyValuePair.Create(name, part)) && part.HasUnsigned)
            Synced(name, part.Target);
    }

    private void Fails(Exception e)
    {
        if (Problem != e.Message)
            _context.Logger.SealingFails(e.Message);
        Problem = e.Message;
    }
}
