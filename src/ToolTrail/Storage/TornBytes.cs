using System.Buffers;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>Keeps what is cut off a file: nothing is thrown away, whatever it is.</summary>
internal static class TornBytes
{
    /// <summary>Copies a file's end to <c>.tooltrail/torn/</c>, durably.</summary>
    /// <param name="home">The home.</param>
    /// <param name="userFolder">Whose file it is.</param>
    /// <param name="name">Which.</param>
    /// <param name="file">The file.</param>
    /// <param name="from">Where the end begins.</param>
    /// <returns>Bytes kept.</returns>
    public static long Keep(TrailHome home, string userFolder, DayFileName name, SafeFileHandle file, long from)
    {
        var folder = Path.Combine(home.SystemPath, "torn");
        var made = SyncedFolder.Create(folder);
        var path = Path.Combine(folder, $"{userFolder[..Math.Min(userFolder.Length, 180)]}~{name}~{from}~{Guid.CreateVersion7():n}");
        using var copy = NativeFile.System.OpenAppend(path);
        var buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        var at = from;
        try
        {
            for (int read; (read = RandomAccess.Read(file, buffer, at)) > 0; at += read)
                NativeFile.System.WriteAll(copy, buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        NativeFile.System.Sync(copy);
        foreach (var parent in made.Append(folder))
            SyncedFolder.Sync(parent);
        return at - from;
    }
}
