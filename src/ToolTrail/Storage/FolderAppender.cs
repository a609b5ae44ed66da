using System.Diagnostics;

namespace ToolTrail.Storage;

/// <summary>
/// Appends to a user's folder: takes the folder's lock, looks at what others did, appends, syncs, gives the lock back. One thread at a time.
/// </summary>
internal sealed class FolderAppender : IDisposable
{
    private readonly StoreContext _context;
    private readonly string _userFolder;
    private readonly OpenParts _parts;
    private readonly string _path;
    private readonly List<(DayPart Part, long Length)> _touched = [];
    private readonly List<string> _unsyncedFolders = [];
    private FolderLock? _lock;

    public FolderAppender(StoreContext context, string user)
    {
        _context = context;
        _userFolder = context.Home.UserFolder(user);
        _parts = new OpenParts(context, user);
        _path = _parts.Path;
    }

    /// <summary>Whether files are open.</summary>
    public bool IsOpen => _lock is not null;

    /// <summary>Whether a sync of the home's whole file system reaches the open files.</summary>
    public bool IsCovered => _lock is { } open && _context.FileSystem.Covers(open.Volume);

    /// <summary>What was appended since the last sync.</summary>
    public UnsyncedLines Unsynced { get; } = new();

    /// <summary>Appends a batch, all of it or nothing.</summary>
    /// <param name="batch">The lines.</param>
    /// <param name="first">A line of the recorder's own that goes before them; may be empty.</param>
    /// <param name="visits">Parts that are looked at, as if something were appended to them.</param>
    /// <param name="sync">Whether everything, also what was appended before, has to be on disk then.</param>
    /// <exception cref="IOException">Nothing of the batch stands in the files.</exception>
    /// <exception cref="SyncFailedException">That, and what was appended since the last sync may be lost too.</exception>
    public void Append(LineBatch batch, ReadOnlySpan<byte> first, IReadOnlyList<DayFileName> visits, bool sync)
    {
        try
        {
            EnterLock();
            try
            {
                if (!first.IsEmpty)
                    _parts.AppendOwn(Touch(_context.Home.DayOf(_context.Time.GetUtcNow())), first);
                AppendRuns(batch);
                foreach (var visit in visits)
                    Visit(visit);
                if (sync)
                    SyncUnderLock();
                _parts.Trim();
                // Last: what is taken back is not told as being on disk.
                foreach (var (part, _) in _touched)
                {
                    if (part.IsDirty)
                        Unsynced.Note(part.Name, part.Length);
                }

            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                TakeBack();
                throw;
            }
            finally
            {
                _touched.Clear();
                _lock!.Exit();
            }
        }
        catch (UnauthorizedAccessException e)
        {
            // What .NET makes of a missing permission: a failure to write like any other.
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Tells the guard that parts are on disk.</summary>
    public void TellSynced(IEnumerable<KeyValuePair<DayFileName, long>> lengths)
    {
        foreach (var (part, length) in lengths)
            _context.Guard?.Synced(new PartName(_userFolder, part), length);
    }

    /// <summary>Nothing is appended to the open parts again: a sync of the whole file system failed.</summary>
    public void EndParts() => _parts.EndAll();

    /// <summary>Closes all files. What was not synced stays so; the next opening goes on behind it.</summary>
    public void Dispose()
    {
        _parts.Dispose();
        _lock?.Dispose();
        _lock = null;
    }

    private void EnterLock()
    {
        if (_lock is { } held)
        {
            held.Enter();
            if (held.IsCurrent())
                return;
            // The folder was deleted or replaced, and everything in it with it.
            held.Exit();
            _parts.EndAll("its folder was replaced or deleted by somebody else");
            Dispose();
        }

        _unsyncedFolders.AddRange(SyncedFolder.Create(_path));
        var entered = new FolderLock(_path);
        try
        {
            entered.Enter();
            _lock = entered;
        }
        finally
        {
            if (_lock is null)
                entered.Dispose();
        }
    }

    private void AppendRuns(LineBatch batch)
    {
        for (var i = 0; i < batch.Runs.Count; i++)
        {
            // Each day once, when its first run comes.
            var day = batch.Runs[i].Day;
            if (!batch.Runs.Take(i).Any(run => run.Day == day))
                _parts.Append(Touch(day), batch, i);
        }
    }

    private void Visit(DayFileName part)
    {
        if (_parts.IsWritable(part))
            Touch(part.Day).MarkDirty();
        else if (_parts.LookAt(part) is { } length)
            TellSynced([KeyValuePair.Create(part, length)]);
    }

    private DayPart Touch(DateOnly day)
    {
        foreach (var (touched, _) in _touched)
        {
            if (touched.Name.Day == day)
                return touched;
        }

        var part = _parts.Current(day);
        _touched.Add((part, part.Length));
        return part;
    }

    private void SyncUnderLock()
    {
        _context.Mark.Sync();
        var started = Stopwatch.GetTimestamp();
        var synced = _parts.Sync();
        _context.Metrics.Synced(Stopwatch.GetElapsedTime(started));
        foreach (var folder in _unsyncedFolders)
            SyncedFolder.Sync(folder);
        _unsyncedFolders.Clear();
        if (_parts.HasNewFiles)
            SyncedFolder.Sync(_path);
        _parts.HasNewFiles = false;
        Unsynced.Synced(synced);
        TellSynced(synced.Select(part => KeyValuePair.Create(part.Name, part.SyncedLength)));
    }

    // Nothing of a batch that failed may stay: its callers are told that it is not there.
    private void TakeBack()
    {
        foreach (var (part, length) in _touched)
            _parts.TakeBack(part, length);
        _parts.EndBroken();
    }
}
