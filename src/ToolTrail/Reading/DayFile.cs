using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Reading;

/// <summary>A part of a user's day, as it was when it was looked at.</summary>
/// <param name="Path">Its absolute path.</param>
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
            return names;
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
        var file = new FileInfo(System.IO.Path.Combine(home.AuditPath(userFolder), name.ToString()));
        return file.Exists && (file.Attributes & FileAttributes.ReparsePoint) == 0 && file.Length > 0
            ? new DayFile(file.FullName, name, file.Length, file.LastWriteTimeUtc)
            : null;
    }

    /// <summary>Opens it beside any writer, and beside whoever removes it.</summary>
    /// <returns><c>null</c> when it is not there any more: retention, or its owner, took it away since it was looked at.</returns>
    public SafeFileHandle? TryOpen() => NativeFile.System.TryOpenRead(Path);

    /// <summary>Where its last whole line ends.</summary>
    public long FindLastLineEnd()
    {
        using var handle = TryOpen();
        var chunk = new byte[4096];
        for (var end = Length; end > 0 && handle is not null; end -= chunk.Length)
        {
            var start = Math.Max(0, end - chunk.Length);
            var read = RandomAccess.Read(handle, chunk.AsSpan(0, (int)(end - start)), start);
            var last = chunk.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (last >= 0)
                return start + last + 1;
        }

        return 0;
    }
}
