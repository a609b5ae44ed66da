using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>Which file it is, whatever its name.</summary>
internal readonly record struct FileIdentity(ulong Volume, ulong Node);

/// <summary>
/// The system calls that durability hangs on, one small file for each system. Every failure is an <see cref="IOException"/> that says
/// which call failed and why.
/// </summary>
internal abstract class NativeFile
{
    /// <summary>The calls of this system.</summary>
    public static NativeFile System { get; } = OperatingSystem.IsWindows() ? new WindowsFile() : new UnixFile();

    /// <summary>Opens a file for reading and appending, made if it is not there, and not inherited by child processes.</summary>
    public abstract SafeFileHandle OpenAppend(string path);

    /// <summary>Opens a file for reading and for writing at offsets, made if it is not there, and not inherited by child processes.</summary>
    public abstract SafeFileHandle OpenUpdate(string path);

    /// <summary>Opens a file for reading without locking it: .NET's own call takes a shared lock, which a writer that wants the file alone would meet.</summary>
    /// <returns><c>null</c> when there is no such file.</returns>
    public abstract SafeFileHandle? TryOpenRead(string path);

    /// <summary>Opens a folder so that it can be synced.</summary>
    public abstract SafeFileHandle OpenFolder(string path);

    /// <summary>Path of what stands for a folder's lock.</summary>
    public abstract string LockPath(string folder);

    /// <summary>Opens what stands for a folder's lock.</summary>
    public abstract SafeFileHandle OpenLock(string folder);

    /// <summary>Appends; may write less than all.</summary>
    protected abstract int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes);

    /// <summary>Appends all.</summary>
    public void WriteAll(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[Write(file, bytes)..];
    }

    /// <summary>Brings a file's bytes to the disk. Never called again on a file after it failed.</summary>
    public abstract void Sync(SafeFileHandle file);

    /// <summary>Brings a folder's entries to the disk.</summary>
    public abstract void SyncFolder(SafeFileHandle folder);

    /// <summary>Whether <see cref="SyncFileSystem"/> can be relied on where a folder lies: brings all to the disk and tells of every failure.</summary>
    public abstract bool CanSyncFileSystem(string folder);

    /// <summary>Brings everything of the folder's file system to the disk.</summary>
    public abstract void SyncFileSystem(SafeFileHandle folder);

    /// <summary>Takes an exclusive lock if nobody holds it; it ends with the handle.</summary>
    public abstract bool TryLock(SafeFileHandle file);

    /// <summary>Gives the lock back.</summary>
    public abstract void Unlock(SafeFileHandle file);

    /// <summary>Which file a handle is.</summary>
    public abstract FileIdentity Identity(SafeFileHandle file);

    /// <summary>Which file a path is now; <c>null</c>: none.</summary>
    public abstract FileIdentity? Identity(string path);
}
