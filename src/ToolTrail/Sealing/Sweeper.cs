using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Retention;
using ToolTrail.Storage;
using ToolTrail.Witnessing;

namespace ToolTrail.Sealing;

/// <summary>
/// Looks over the whole home once a minute: seals what killed processes left, adopts what stood there before, closes days that are over, does
/// what retention asks for, has the seal log's head cosigned, finds what is gone. One process at a time does, for as long as it lives.
/// </summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Whoever still writes signs within a second.
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(5);

    // Nobody waits longer for the end of a process.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    // Nobody is at a half-written file that long.
    private static readonly TimeSpan LeftOverAfter = TimeSpan.FromDays(1);

    // Synced and signed together.
    private const int AtOnce = 100;

    private readonly HashSet<PartName> _unknown = [];
    private readonly ClosedParts _closed;
    private readonly Func<TrailSettings> _settings;
    private readonly HttpClient _http = WitnessClient.NewHttp();
    private readonly Witnesses _witnesses;
    private readonly CancellationTokenSource _ending = new();
    private readonly TrailEraser _eraser;
    private readonly TrailHome _home;
    private readonly DayFileStore _store;
    private readonly Sealer _sealer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _timer;
    private SafeFileHandle? _lock;
    private volatile bool _isEnding;
    private bool _isDisposed;

    public Sweeper(TrailHome home, DayFileStore store, Sealer sealer, Func<TrailSettings> settings, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _closed = new ClosedParts(home);
        _eraser = new TrailEraser(home, store, sealer, () => settings().Retention);
        _witnesses = new Witnesses(new WitnessFiles(home, sealer.Context.Log.IsSigned, logger), sealer.Context.Log.Tiles, () => settings().Integrity.Witnesses, new WitnessClient(_http, time), logger);
        _home = home;
        _store = store;
        _sealer = sealer;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = TickAsync(), null, Interval, Interval);
    }

    /// <summary>Sweeps now, unless another process does.</summary>
    public async Task SweepAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isEnding || !TryLock())
                return;
            await _store.TellOfDeadRunsAsync().ConfigureAwait(false);
            await _eraser.ResumeAsync(_ending.Token).ConfigureAwait(false);
            foreach (var parts in (await Task.Run(FindUnfinished).ConfigureAwait(false)).Chunk(AtOnce))
            {
                if (!_isEnding)
                    await FinishAsync(parts).ConfigureAwait(false);
            }

            var retention = new RetentionRun(_sealer.Context, _settings().Retention);
            foreach (var (user, part) in await Task.Run(() => FindDue(retention)).ConfigureAwait(false))
            {
                if (!_isEnding)
                    await UnlessHeldAsync(_sealer.ApplyAsync(part, () => retention.Apply(user, part, _ending.Token))).ConfigureAwait(false);
            }

            await CosignAsync(_ending.Token).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sweeps no more; a sweep that is under way has come to its end when it returns. No other process sweeps until this is disposed.</summary>
    public async Task StopAsync()
    {
        if (_isEnding)
            return;
        _isEnding = true;
        await _ending.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Has what was sealed until now cosigned, if it was this process that swept: once the store has made its last seal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await StopAsync().ConfigureAwait(false);
        if (_lock is not null)
            await CosignLastAsync().ConfigureAwait(false);
        _lock?.Dispose();
        _http.Dispose();
        _ending.Dispose();
        _turn.Dispose();
    }

    private async Task TickAsync()
    {
        try
        {
            await SweepAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (_isEnding && e is ObjectDisposedException or OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            // Whatever it is, the next sweep comes to it.
            _logger.SweepBrokeOff(e.Message);
        }
    }

    private async Task CosignAsync(CancellationToken cancellationToken)
    {
        if (_settings().Integrity.Witnesses.Count > 0 && _sealer.Context.Log.ReadHead() is { } head)
            await _witnesses.CosignAsync(head.Note, cancellationToken).ConfigureAwait(false);
    }

    private async Task CosignLastAsync()
    {
        using var deadline = new CancellationTokenSource(LastPatience, _time);
        try
        {
            await CosignAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _logger.NotCosigned($"a witness did not answer within {LastPatience.TotalSeconds:0} s, and this process ends. The next that sweeps asks again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SealingException or IntegrityFormatException)
        {
            // The end of a process does not fail for it: the next that sweeps asks again.
            _logger.NotCosigned(e.Message);
        }
    }

    private bool TryLock()
    {
        if (_lock is not null)
            return true;
        var file = NativeFile.System.OpenAppend(Path.Combine(_home.SystemPath, "sweep.lock"));
        if (NativeFile.System.TryLock(file))
            _lock = file;
        else
            file.Dispose();
        return _lock is not null;
    }

    private List<PartName> FindUnfinished()
    {
        var now = _time.GetUtcNow();
        var unfinished = new List<PartName>();
        foreach (var folder in _home.UserFolders())
        {
            foreach (var own in new[] { _home.AuditPath(folder), PartFiles.TreeFolderOf(_home, folder) })
                DurableFile.RemoveLeftOvers(own, now - LeftOverAfter);
            var (files, trees) = (DayFile.Names(_home, folder), TreesOf(folder).ToHashSet());
            _closed.Keep(folder, trees);
            foreach (var gone in trees.Except(files).Select(file => new PartName(folder, file)))
            {
                if (!_closed.Contains(gone, out _))
                    _sealer.LookAtGone(gone);
            }

            unfinished.AddRange(files.Select(file => new PartName(folder, file)).Where(part => IsUnfinished(part, now)));
        }

        return unfinished;
    }

    private List<(string User, PartName Part)> FindDue(RetentionRun retention)
    {
        var due = new List<(string, PartName)>();
        foreach (var part in _home.UserFolders().SelectMany(folder => DayFile.Names(_home, folder).Select(file => new PartName(folder, file))))
        {
            if (UserOf(part) is { } user && retention.IsDue(user, part) && _closed.Contains(part, out _))
                due.Add((user, part));
        }

        return due;
    }

    private bool IsUnfinished(PartName part, DateTimeOffset now)
    {
        if (_closed.Contains(part, out var state))
            return false;
        var file = new FileInfo(new PartFiles(_home, part).Lines);
        if (!file.Exists)
            return state is null; // Compressed.
        if (state is { IsClosing: true })
            return true;
        // A time that is still to come says nothing.
        if (now - file.LastWriteTimeUtc < LeftAfter && now >= file.LastWriteTimeUtc - LeftAfter)
            return false;
        if (state?.Alarm is not null)
            return false;
        return state is null ? file.Length > 0 : state.Offset != file.Length || state.Tree.Size > (state.Sealed?.Size ?? 0) || PartCloser.IsOver(_home, part, file, now);
    }

    private async Task FinishAsync(PartName[] parts)
    {
        var visits = new List<Task>();
        foreach (var part in parts)
        {
            if (UserOf(part) is { } user)
                visits.Add(_store.VisitAsync(user, part.File));
            else if (_unknown.Add(part))
                _logger.UserUnknown(part.ToString());
        }

        await Task.WhenAll(visits).ConfigureAwait(false);
        await _sealer.CatchUpAsync().ConfigureAwait(false);
        foreach (var part in parts.Where(IsToBeClosed))
            await UnlessHeldAsync(_sealer.CloseAsync(part, _ending.Token)).ConfigureAwait(false);
    }

    private bool IsToBeClosed(PartName part)
    {
        var files = new PartFiles(_home, part);
        return PartCloser.IsOver(_home, part, new FileInfo(files.Lines), _time.GetUtcNow()) || TreeState.Read(files.Tree) is { IsClosing: true };
    }

    private static async Task UnlessHeldAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (LockTimeoutException)
        {
            // Others have been at the user's parts all that time. The next sweep comes to this one, and this sweep to the others.
        }
    }

    // A long name's folder does not tell it; the lines do.
    private string? UserOf(PartName part)
    {
        if (UserFolderName.Decode(part.UserFolder) is { } user)
            return user;
        if (DayFile.Find(_home, part.UserFolder, part.File) is not { } file)
            return null;
        using var records = new RecordReader(part.UserFolder, file, 0, _home.TimeZone, LastLine.Leave);
        return records.TryRead(out var header, out _) && JsonText.Unescape(header.User) is var name && _home.UserFolder(name) == part.UserFolder ? name : null;
    }

    private IEnumerable<DayFileName> TreesOf(string folder)
    {
        var trees = PartFiles.TreeFolderOf(_home, folder);
        if (!Directory.Exists(trees))
            yield break;
        foreach (var path in Directory.EnumerateFiles(trees, "*.tree"))
        {
            if (DayFileName.TryParse(Path.GetFileNameWithoutExtension(path) + ".jsonl", out var name))
                yield return name;
        }
    }
}
