using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>Keeps what is cut off a file: nothing is thrown away, whatever it is.</summary>
internal static class TornBytes
{
    private const int MostFolderChars = 140;

    /// <summary>Where they are kept.</summary>
    public static string FolderOf(TrailHome home) => Path.Combine(home.SystemPath, "torn");

    /// <summary>Whether a file there was cut off a part.</summary>
    public static bool IsOf(string path, PartName part) => Path.GetFileName(path).StartsWith(Prefix(part), StringComparison.Ordinal);

    /// <summary>Copies a file's end to <c>.tooltrail/torn/</c>, durably.</summary>
    /// <param name="home">The home.</param>
    /// <param name="userFolder">Whose file it is.</param>
    /// <param name="name">Which.</param>
    /// <param name="file">The file.</param>
    /// <param name="from">Where the end begins.</param>
    /// <returns>Bytes kept.</returns>
    public static long Keep(TrailHome home, string userFolder, DayFileName name, PartBytes file, long from)
    {
        var folder = FolderOf(home);
        var made = SyncedFolder.Create(folder);
        var path = Path.Combine(folder, $"{Prefix(new PartName(userFolder, name))}{from}~{Guid.CreateVersion7():n}");
        using var copy = NativeFile.System.OpenAppend(path);
        var buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        var at = from;
        try
        {
            for (int read; (read = file.Read(buffer, at)) > 0; at += read)
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

    // A user folder's name may take all that a file's name may have.
    private static string Prefix(PartName part)
    {
        var folder = part.UserFolder;
        if (folder.Length > MostFolderChars)
            folder = $"{folder[..MostFolderChars]}%{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..32]}";
        return $"{folder}~{part.File}~";
    }
}
