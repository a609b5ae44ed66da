using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>What is derived from a part's lines, or was once among them, and has to go with them.</summary>
internal static class Removal
{
    /// <summary>Deletes what was cut off a part when it was repaired.</summary>
    public static void DeleteTorn(TrailHome home, PartName part)
    {
        var folder = TornBytes.FolderOf(home);
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => TornBytes.IsOf(path, part)).ToList())
            File.Delete(path);
        SyncedFolder.Sync(folder);
    }
}
