using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>The lock of a folder: whoever holds it, among all processes on the home, may write to that folder's files.</summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly string _folder;
    private readonly SafeFileHandle _handle;
    private readonly FileIdentity _identity;

    /// <summary>Opens the lock of a folder that is there.</summary>
    public FolderLock(string folder)
    {
        _folder = folder;
        _handle = NativeFile.System.OpenLock(folder);
        _identity = NativeFile.System.Identity(_handle);
    }

    /// <summary>The volume that the folder lies on.</summary>
    public ulong Volume => _identity.Volume;

    /// <summary>Whether the path still is the folder that was opened.</summary>
    public bool IsCurrent() => NativeFile.System.Identity(NativeFile.System.LockPath(_folder)) == _identity;

    /// <summary>Takes the lock if nobody holds it.</summary>
    public bool TryEnter() => NativeFile.System.TryLock(_handle);

    /// <summary>Waits for the lock, at most 5 s.</summary>
    /// <exception cref="LockTimeoutException">Somebody else held it all that time.</exception>
    public void Enter()
    {
        if (TryEnter())
            return;

        // Others hold it for one write and sync; waiting in the kernel could not be bounded.
        var started = Stopwatch.GetTimestamp();
        for (var pause = 0; !NativeFile.System.TryLock(_handle); pause = Math.Min(pause + 1, 5))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LockTimeoutException(_folder, Patience);
            Thread.Sleep(pause);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Exit() => NativeFile.System.Unlock(_handle);

    public void Dispose() => _handle.Dispose();
}
