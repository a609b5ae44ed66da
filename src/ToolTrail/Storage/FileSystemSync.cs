using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>
/// Brings everything on a home's file system to the disk by one call (syncfs), where that can be relied on. Safe for use by any number of threads.
/// </summary>
internal sealed class FileSystemSync : IDisposable
{
    private readonly SafeFileHandle? _folder;
    private readonly ulong _volume;

    /// <param name="folder">The home's folder.</param>
    public FileSystemSync(string folder)
    {
        if (!NativeFile.System.CanSyncFileSystem(folder))
            return;
        // Open from the start: a handle is told of every failure since it was opened, a new one only of those that no other was told of.
        _folder = NativeFile.System.OpenFolder(folder);
        _volume = NativeFile.System.Identity(_folder).Volume;
    }

    /// <summary>Whether a sync reaches files of a volume.</summary>
    public bool Covers(ulong volume) => _folder is not null && volume == _volume;

    /// <summary>Brings everything to the disk that was written before. Only for files that it covers.</summary>
    /// <exception cref="IOException">Some of it did not get there; nobody knows what.</exception>
    public void Sync() => NativeFile.System.SyncFileSystem(_folder!);

    public void Dispose() => _folder?.Dispose();
}
