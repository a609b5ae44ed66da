using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>The lock of a user's folder: whoever holds it, among all processes on the home, may append to that folder's files.</summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly string _folder;
    private readonly SafeFileHandle _handle;
    private readonly FileIdentity _identity;

    private FolderLock(string folder)
    {
        _folder = folder;
        _handle = NativeFile.System.OpenLock(folder);
        _identity = NativeFile.System.Identity(_handle);
    }

    /// <summary>Opens the lock of a folder, which is made and synced if it is not there.</summary>
    public static FolderLock Open(string folder)
    {
        CreateSynced(folder);
        return new FolderLock(folder);
    }

    /// <summary>Whether the path still is the folder that was opened.</summary>
    public bool IsCurrent() => OperatingSystem.IsWindows() || NativeFile.System.Identity(_folder) == _identity;

    /// <summary>Waits for the lock, at most 5 s.</summary>
    /// <exception cref="IOException">Somebody else held it all that time.</exception>
    public void Enter()
    {
        if (NativeFile.System.TryLock(_handle))
            return;

        // Others hold it for one write and sync; waiting in the kernel could not be bounded.
        var started = Stopwatch.GetTimestamp();
        for (var pause = 0; !NativeFile.System.TryLock(_handle); pause = Math.Min(pause + 1, 5))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new IOException($"another process has held the lock of '{_folder}' for {Patience.TotalSeconds:0} s");
            Thread.Sleep(pause);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Exit() => NativeFile.System.Unlock(_handle);

    /// <summary>Makes the entries of the folder durable.</summary>
    public void SyncEntries()
    {
        using var folder = NativeFile.System.OpenFolder(_folder);
        NativeFile.System.SyncFolder(folder);
    }

    public void Dispose() => _handle.Dispose();

    private static void CreateSynced(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        CreateSynced(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var handle = NativeFile.System.OpenFolder(parent);
        NativeFile.System.SyncFolder(handle);
    }
}
