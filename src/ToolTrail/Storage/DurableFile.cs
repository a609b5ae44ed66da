namespace ToolTrail.Storage;

/// <summary>
/// Small files that are there whole or not at all, after a crash too: written under another name, synced, given their name, the folder synced.
/// Files are made 0600. Safe for use by several threads and processes.
/// </summary>
/// <remarks>Every failure, that of a sync too, is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</remarks>
public static class DurableFile
{
    // With more files than these, two syncs of the whole file system are cheaper than theirs one by one.
    private const int MostOneByOne = 16;

    /// <summary>Of a file that is being written, and does not have its name yet.</summary>
    internal const string Unnamed = ".new";

    /// <summary>Makes a file or puts another in its place.</summary>
    /// <param name="path">Absolute path in a folder that is there.</param>
    /// <param name="content">What it holds from now on.</param>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(path);
        var unnamed = NewName(path);
        try
        {
            WriteNew(unnamed, content, sync: true);
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

    /// <summary>Makes several files, or puts others in their place: all of them are on disk when it returns.</summary>
    /// <param name="files">Absolute paths in folders that are there, and what each holds from now on.</param>
    /// <param name="fileSystem">Brings many at once to the disk, where that can be relied on.</param>
    internal static void Write(IReadOnlyCollection<(string Path, byte[] Content)> files, FileSystemSync fileSystem)
    {
        var folders = files.Select(file => Path.GetDirectoryName(file.Path)!).Distinct().ToList();
        if (files.Count < MostOneByOne || !folders.TrueForAll(folder => NativeFile.System.Identity(folder) is { } identity && fileSystem.Covers(identity.Volume)))
        {
            foreach (var (path, content) in files)
                Write(path, content);
            return;
        }

        var unnamed = files.Select(file => (file.Path, New: NewName(file.Path), file.Content)).ToList();
        try
        {
            foreach (var file in unnamed)
                WriteNew(file.New, file.Content);
            fileSystem.Sync();
            foreach (var file in unnamed)
                File.Move(file.New, file.Path, overwrite: true);
        }
        catch
        {
            unnamed.ForEach(file => File.Delete(file.New));
            throw;
        }

        fileSystem.Sync();
    }

    /// <summary>
    /// Makes a file or puts another in its place, whole for whoever reads it, but not brought to the disk: after a power cut it may be the one before,
    /// torn or gone. For what can be made again.
    /// </summary>
    /// <param name="path">Absolute path in a folder that is there.</param>
    /// <param name="content">What it holds from now on.</param>
    internal static void WriteUnsynced(string path, ReadOnlySpan<byte> content)
    {
        var unnamed = NewName(path);
        try
        {
            WriteNew(unnamed, content);
            File.Move(unnamed, path, overwrite: true);
        }
        catch
        {
            File.Delete(unnamed);
            throw;
        }
    }

    /// <summary>Takes away what processes that were killed left half written in a folder.</summary>
    /// <param name="folder">Absolute path; it need not be there.</param>
    /// <param name="before">What was written since may be somebody's who is at it.</param>
    internal static void RemoveLeftOvers(string folder, DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Unnamed).Where(file => file.LastWriteTimeUtc < before))
            file.Delete();
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

    private static void WriteNew(string path, ReadOnlySpan<byte> content, bool sync = false)
    {
        using var file = NativeFile.System.OpenAppend(path);
        NativeFile.System.WriteAll(file, content);
        if (sync)
            NativeFile.System.Sync(file);
    }

    private static string NewName(string path) => $"{path}.{Guid.NewGuid():n}{Unnamed}";
}
