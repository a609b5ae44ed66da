namespace ToolTrail.Storage;

/// <summary>Folders whose making is brought to the disk: a new entry is durable only once the folder that holds it was synced.</summary>
internal static class SyncedFolder
{
    /// <summary>Makes a folder, and those above it, 0700.</summary>
    /// <param name="path">Absolute path.</param>
    /// <returns>The folders that have a new entry, outermost first: the caller syncs them.</returns>
    public static IReadOnlyList<string> Create(string path)
    {
        var changed = new List<string>();
        Create(path, changed);
        return changed;
    }

    /// <summary>Brings a folder's entries to the disk.</summary>
    public static void Sync(string path)
    {
        using var folder = NativeFile.System.OpenFolder(path);
        NativeFile.System.SyncFolder(folder);
    }

    private static void Create(string path, List<string> changed)
    {
        if (Directory.Exists(path))
            return;
        var parent = Path.GetDirectoryName(path)!;
        Create(parent, changed);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        changed.Add(parent);
    }
}
