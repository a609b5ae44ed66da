using System.Buffers;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>
/// Says that a process records in the background: a locked file in <c>.tooltrail/running/</c>, gone after an orderly end. It notes each day file at
/// its first opening, and how long it was then: up to there a successor need not look. Safe for use by several threads.
/// </summary>
internal sealed class RunMark : IDisposable
{
    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly HashSet<(string User, DayFileName Name)> _noted = [];
    private string? _path;
    private SafeFileHandle? _file;
    private bool _dirty;

    public RunMark(TrailHome home)
    {
        _folder = FolderOf(home);
    }

    /// <summary>The folder of all marks.</summary>
    public static string FolderOf(TrailHome home) => Path.Combine(home.SystemPath, "running");

    /// <summary>Whether the mark stands.</summary>
    public bool IsSet => Volatile.Read(ref _file) is not null;

    /// <summary>Sets the mark, durably, if it does not stand.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (_file is not null)
                return;
            var made = SyncedFolder.Create(_folder);

            // Named only once it is locked: an unlocked mark is a dead process's.
            var name = Guid.CreateVersion7().ToString("n");
            var unnamed = Path.Combine(_folder, name + ".new");
            _path = Path.Combine(_folder, name + DeadRuns.Extension);
            var file = NativeFile.System.OpenAppend(unnamed);
            if (!NativeFile.System.TryLock(file))
                throw new IOException($"'{unnamed}' is new and locked by another process.");
            File.Move(unnamed, _path);
            foreach (var folder in made.Append(_folder))
                SyncedFolder.Sync(folder);
            Volatile.Write(ref _file, file);
        }
    }

    /// <summary>Notes a day file at its first opening.</summary>
    public void Note(string user, DayFileName name, long length)
    {
        lock (_gate)
        {
            if (_file is null || !_noted.Add((user, name)))
                return;
            var line = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(line))
            {
                json.WriteStartArray();
                json.WriteStringValue(user);
                json.WriteStringValue(name.ToString());
                json.WriteNumberValue(length);
                json.WriteEndArray();
            }

            line.Write("\n"u8);
            NativeFile.System.WriteAll(_file, line.WrittenSpan);
            _dirty = true;
        }
    }

    /// <summary>Brings the notes to the disk: before what they speak of.</summary>
    public void Sync()
    {
        lock (_gate)
        {
            if (!_dirty)
                return;
            NativeFile.System.Sync(_file!);
            _dirty = false;
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
}
