namespace ToolTrail.Storage;

/// <summary>
/// Small files that are there whole or not at all, after a crash too: written under another name, synced, given their name, the folder synced.
/// Files are made 0600. Safe for use by several threads and processes.
/// </summary>
/// <remarks>Every failure, that of a sync too, is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</remarks>
public static class DurableFile
{
    /// <summary>Makes a file or puts another in its place.</summary>
    /// <param name="path">Absolute path in a folder that is there.</param>
    /// <param name="content">What it holds from now on.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(path);
        var unnamed = WriteUnnamed(path, content);
        try
        {
            File.Move(unnamed, path, overwrite: true);
        }
        catch
        {
            File.Delete(unnamed);
            throw;
        }

        SyncedFolder.Sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads a file and makes it first if it is not there; of several who make it at once one does, and all read the same.</summary>
    /// <param name="path">Absolute path in a folder that is there.</param>
    /// <param name="make">Makes its content.</param>
    /// <returns>What it holds.</returns>
    public static byte[] ReadOrCreate(string path, Func<byte[]> make)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(make);
        var folder = Path.GetDirectoryName(path)!;
        if (!File.Exists(path))
            Create(folder, path, make);

        // Also by those who found it: its maker may not have come so far.
        SyncedFolder.Sync(folder);
        return File.ReadAllBytes(path);
    }

    // Under the folder's lock: .NET's move replaces a file that appeared since it looked, and not every file system has links.
    private static void Create(string folder, string path, Func<byte[]> make)
    {
        using var folderLock = new FolderLock(folder);
        folderLock.Enter();
        try
        {
            if (!File.Exists(path))
                Write(path, make());
        }
        finally
        {
            folderLock.Exit();
        }
    }

    private static string WriteUnnamed(string path, ReadOnlySpan<byte> content)
    {
        var unnamed = $"{path}.{Guid.NewGuid():n}.new";
        using var file = NativeFile.System.OpenAppend(unnamed);
        NativeFile.System.WriteAll(file, content);
        NativeFile.System.Sync(file);
        return unnamed;
    }
}
