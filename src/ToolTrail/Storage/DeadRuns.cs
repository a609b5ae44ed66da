using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>
/// The marks of processes that ended without taking theirs away. Whoever finds one holds its lock, so that one successor alone tells of it. Looked for by one
/// thread at a time, asked by any.
/// </summary>
internal sealed class DeadRuns : IDisposable
{
    /// <summary>Of a mark's file name.</summary>
    public const string Extension = ".run";

    private readonly ConcurrentDictionary<(string User, DayFileName Name), long> _trusted = new();
    private readonly List<(string Path, SafeFileHandle File)> _marks = [];
    private readonly HashSet<(string User, DayFileName Name)> _files = [];
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private readonly string _folder;

    public DeadRuns(TrailHome home)
    {
        _folder = RunMark.FolderOf(home);
    }

    /// <summary>Whether there are any that nobody told of.</summary>
    public bool Any => _marks.Count > 0;

    /// <summary>Whether any recorded in the background: what it had not yet brought to the disk may be missing.</summary>
    public bool MayMiss { get; private set; }

    /// <summary>For whom those recorded that may miss something.</summary>
    public IReadOnlyCollection<string> Users => _users;

    /// <summary>The files that they had open.</summary>
    public IReadOnlyCollection<(string User, DayFileName Name)> Files => _files;

    /// <summary>Looks for more of them.</summary>
    public void Look()
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Extension))
        {
            if (!_marks.Exists(mark => mark.Path == path))
                Look(path);
        }
    }

    /// <summary>Up to where a file's lines were whole when the first of the dead opened it; <c>null</c>: none did.</summary>
    public long? Trusted(string user, DayFileName name) => _trusted.TryGetValue((user, name), out var length) ? length : null;

    /// <summary>Takes the marks away: their files have been looked at, and the trail tells of them.</summary>
    public void Remove()
    {
        foreach (var (path, _) in _marks)
            File.Delete(path);
        SyncedFolder.Sync(_folder);
        Dispose();
        MayMiss = false;
        _users.Clear();
        _files.Clear();
    }

    /// <summary>Lets go of the marks; if they stand, the next start finds them.</summary>
    public void Dispose()
    {
        foreach (var (_, file) in _marks)
            file.Dispose();
        _marks.Clear();
    }

    private void Look(string path)
    {
        SafeFileHandle file;
        try
        {
            file = NativeFile.System.OpenFolder(path);
        }
        catch (IOException) when (!File.Exists(path))
        {
            // Its process has just ended in good order, or another successor has just told of it.
            return;
        }

        if (!NativeFile.System.TryLock(file) || NativeFile.System.Identity(path) != NativeFile.System.Identity(file))
        {
            file.Dispose();
            return;
        }

        _marks.Add((path, file));
        var notes = RunNote.ReadAll(file, out var background);
        MayMiss |= background;
        foreach (var (user, name, length) in notes)
        {
            if (background)
                _users.Add(user);
            _files.Add((user, name));
            _trusted.AddOrUpdate((user, name), length, (_, other) => Math.Min(length, other));
        }
    }
}
