using System.IO.Enumeration;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>A part of a user's day, as it was when it was looked at.</summary>
/// <param name="Path">Absolute path of its plain file; compressed, it has one extension more.</param>
/// <param name="Name">Day and part.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastWrite">When it was last written to.</param>
internal readonly record struct DayFile(string Path, DayFileName Name, long Length, DateTimeOffset LastWrite)
{
    // A link in a trail may lead to any file of the system, so links are passed over. Folders may be links: a user's trail on another disk.
    private static readonly EnumerationOptions FilesOnly = new()
    {
        AttributesToSkip = FileAttributes.Directory | FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>The day files of a user's folder, in order; none when there is no such folder.</summary>
    public static List<DayFileName> Names(TrailHome home, string userFolder)
    {
        try
        {
            var names = new List<DayFileName>(new FileSystemEnumerable<DayFileName>(
                home.AuditPath(userFolder),
                static (ref entry) => DayFileName.TryParse(entry.FileName, out var name) ? name : default,
                FilesOnly)
            {
                ShouldIncludePredicate = static (ref entry) => DayFileName.TryParse(entry.FileName, out _),
            });
            names.Sort();
            // A part that is just being compressed is there twice.
            return [.. names.Distinct()];
        }
        catch (DirectoryNotFoundException)
        {
            // Nobody recorded for this user yet, or the folder was removed meanwhile.
            return [];
        }
    }

    /// <summary>Looks at a day file.</summary>
    /// <returns><c>null</c> when it is not there (any more), is a link, or holds nothing.</returns>
    public static DayFile? Find(TrailHome home, string userFolder, DayFileName name)
    {
        var path = System.IO.Path.Combine(home.AuditPath(userFolder), name.ToString());
        var file = new FileInfo(path);
        if (file.Exists)
            return IsLink(file) || file.Length == 0 ? null : new DayFile(path, name, file.Length, file.LastWriteTimeUtc);
        var compressed = new FileInfo(path + PartBytes.CompressedExtension);
        if (!compressed.Exists || IsLink(compressed))
            return null;
        using var bytes = PartBytes.TryOpen(path, skipsDamage: true);
        return bytes is { Length: > 0 } ? new DayFile(path, name, bytes.Length, compressed.LastWriteTimeUtc) : null;
    }

    /// <summary>Opens it beside any writer, and beside whoever removes it. What is damaged in it reads as lines that are no records.</summary>
    /// <returns><c>null</c> when it is not there any more: retention, or its owner, took it away since it was looked at.</returns>
    public PartBytes? TryOpen() => PartBytes.TryOpen(Path, skipsDamage: true);

    /// <summary>Where its last whole line ends.</summary>
    public long FindLastLineEnd()
    {
        using var handle = TryOpen();
        var chunk = new byte[4096];
        for (var end = Length; end > 0 && handle is not null; end -= chunk.Length)
        {
            var start = Math.Max(0, end - chunk.Length);
            var read = handle.Read(chunk.AsSpan(0, (int)(end - start)), start);
            var last = chunk.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (last >= 0)
                return start + last + 1;
        }

        return 0;
    }

    private static bool IsLink(FileInfo file) => (file.Attributes & FileAttributes.ReparsePoint) != 0;
}
