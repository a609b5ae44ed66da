using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>
/// Says that a process records: a locked file in <c>.tooltrail/running/</c>, gone after an orderly end. It notes each day file at its first opening, and how
/// long it was then: up to there a successor need not look. Safe for use by several threads.
/// </summary>
internal sealed class RunMark : IDisposable
{
    private readonly TrailHome _home;
    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly Lock _sync = new();
    private readonly Dictionary<PartName, long> _noted = [];
    private string? _path;
    private SafeFileHandle? _file;
    private IReadOnlyList<string> _unsyncedFolders = [];
    private bool _dirty;
    private bool _isBackground;
    private volatile bool _isSettled;

    public RunMark(TrailHome home)
    {
        _home = home;
        _folder = FolderOf(home);
    }

    /// <summary>The folder of all marks.</summary>
    public static string FolderOf(TrailHome home) => Path.Combine(home.SystemPath, "running");

    /// <summary>
    /// Sets the mark, if it does not stand: a killed process leaves it from now on. Called by who records, who may have no time to wait for the disk;
    /// <see cref="Settle"/> brings it there.
    /// </summary>
    /// <param name="background">Whether records in the background begin: those of the last second would be lost with the machine.</param>
    public void Set(bool background)
    {
        if (Volatile.Read(ref _isBackground) || (!background && Volatile.Read(ref _file) is not null))
            return;
        lock (_gate)
        {
            if (_file is null)
                Make();
            if (!background || _isBackground)
                return;
            NativeFile.System.WriteAll(_file!, RunNote.Background);
            (_dirty, _isSettled) = (true, false);
            Volatile.Write(ref _isBackground, true);
        }
    }

    /// <summary>Brings the mark to the disk, once: before the first lines that a power cut could take without it.</summary>
    public void Settle()
    {
        if (!_isSettled)
            Sync();
    }

    /// <summary>Notes a day file at its first opening.</summary>
    public void Note(string user, PartName part, long length)
    {
        lock (_gate)
        {
            if (_file is null || !_noted.TryAdd(part, length))
                return;
            NativeFile.System.WriteAll(_file, new RunNote(user, part.File, length).ToLine());
            _dirty = true;
        }
    }

    /// <summary>Whether a part's file was made by a recorder: this one, or another whose mark stands.</summary>
    public bool WasMade(PartName part)
    {
        lock (_gate)
        {
            if (_noted.TryGetValue(part, out var length) && length == 0)
                return true;
        }

        return Directory.Exists(_folder) && Directory.EnumerateFiles(_folder, "*" + DeadRuns.Extension).Any(mark => Notes(mark, part));
    }

    /// <summary>Brings mark and notes to the disk: before what they speak of.</summary>
    public void Sync()
    {
        // One at a time, and without the gate: who sets the mark meanwhile does not wait for the disk.
        lock (_sync)
        {
            var (file, folders) = TakeUnsynced();
            try
            {
                if (file is not null)
                    NativeFile.System.Sync(file);
                foreach (var folder in folders)
                    SyncedFolder.Sync(folder);
            }
            catch
            {
                lock (_gate)
                    (_dirty, _unsyncedFolders, _isSettled) = (_dirty || file is not null, folders, false);
                throw;
            }
        }
    }

    /// <summary>Notes that everything that was recorded is on disk, where the mark has to stand all the same.</summary>
    public void NoteFlushed()
    {
        lock (_gate)
        {
            if (_file is null)
                return;
            NativeFile.System.WriteAll(_file, RunNote.Flushed);
            NativeFile.System.Sync(_file);
        }
    }

    /// <summary>Takes the mark away: everything is on disk.</summary>
    public void Remove()
    {
        lock (_gate)
        {
            if (_file is null)
                return;
            File.Delete(_path!);
            SyncedFolder.Sync(_folder);
            Dispose();
        }
    }

    /// <summary>Lets go of the mark and leaves it standing.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Make()
    {
        var made = SyncedFolder.Create(_folder);

        // Named only once it is locked: an unlocked mark is a dead process's.
        var name = Guid.CreateVersion7().ToString("n");
        var unnamed = Path.Combine(_folder, name + DurableFile.Unnamed);
        _path = Path.Combine(_folder, name + DeadRuns.Extension);
        var file = NativeFile.System.OpenAppend(unnamed);
        if (!NativeFile.System.TryLock(file))
            throw new IOException($"'{unnamed}' is new and locked by another process.");
        File.Move(unnamed, _path);
        (_unsyncedFolders, _isSettled) = ([.. made, _folder], false);
        Volatile.Write(ref _file, file);
    }

    private (SafeFileHandle? File, IReadOnlyList<string> Folders) TakeUnsynced()
    {
        lock (_gate)
        {
            var unsynced = (_dirty ? _file : null, _unsyncedFolders);
            (_dirty, _unsyncedFolders, _isSettled) = (false, [], true);
            return unsynced;
        }
    }

    private bool Notes(string mark, PartName part)
    {
        using var file = NativeFile.System.TryOpenRead(mark);
        return file is not null && RunNote.ReadAll(file, out _).Exists(note => note.Length == 0 && note.File == part.File && _home.UserFolder(note.User) == part.UserFolder);
    }
}
