using System.Diagnostics;

namespace ToolTrail.Storage;

/// <summary>Tries, for a check-up, what writing to a trail needs: the same system calls, on files that are no part of it.</summary>
public static class StorageProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Appends a line to a new file in a folder, brings both to the disk, and deletes the file.</summary>
    /// <param name="folder">A folder that is there.</param>
    /// <returns>How long the append and the sync took.</returns>
    /// <exception cref="IOException">Which step failed and why.</exception>
    public static TimeSpan AppendAndSync(string folder)
    {
        var path = Path.Combine(folder, $"probe-{Guid.NewGuid():n}");
        try
        {
            using var file = NativeFile.System.OpenAppend(path);
            var started = Stopwatch.GetTimestamp();
            NativeFile.System.WriteAll(file, "{}\n"u8);
            NativeFile.System.Sync(file);
            var elapsed = Stopwatch.GetElapsedTime(started);
            using var entries = NativeFile.System.OpenFolder(folder);
            NativeFile.System.SyncFolder(entries);
            return elapsed;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Whether the lock of a user's <c>tool_audit</c> folder can be had: writers hold it for one write and sync.</summary>
    /// <param name="folder">A folder that is there.</param>
    /// <returns>False when somebody else held it for a whole second.</returns>
    /// <exception cref="IOException">The folder cannot be opened or locked at all.</exception>
    public static bool CanLock(string folder)
    {
        using var handle = NativeFile.System.OpenLock(folder);
        var started = Stopwatch.GetTimestamp();
        while (!NativeFile.System.TryLock(handle))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                return false;
            Thread.Sleep(1);
        }

        NativeFile.System.Unlock(handle);
        return true;
    }
}
