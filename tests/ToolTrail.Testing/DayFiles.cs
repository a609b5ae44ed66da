using System.Globalization;
using System.Text;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Testing;

/// <summary>Writes day files as any program might, past the recorder.</summary>
public sealed class DayFiles
{
    private readonly TrailHome _home;

    public DayFiles(TrailHome home) => _home = home;

    /// <summary>What the last-write time of files that are appended to is set to; <c>null</c>: nothing but what the system does.</summary>
    public DateTimeOffset? LastWrite { get; set; }

    /// <summary>A record's line, without LF.</summary>
    public static string Line(
        DateTimeOffset time, string user = "ann", string tool = "read_file", string status = "ok", string? id = null, string more = "")
    {
        var ts = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var call = id is null ? "" : $",\"id\":\"{id}\"";
        return $"{{\"ts\":\"{ts}\",\"user\":\"{user}\",\"tool\":\"{tool}\",\"args\":{{}},\"status\":\"{status}\","
            + $"\"result_chars\":0,\"result_snippet\":\"\"{call}{more}}}";
    }

    /// <summary>Absolute path of a user's day file.</summary>
    public string PathOf(string user, DateOnly day, int part = 1) =>
        Path.Combine(_home.AuditPath(_home.UserFolder(user)), new DayFileName(day, part).ToString());

    /// <summary>Appends lines, each with LF.</summary>
    public void Append(string user, DateOnly day, int part, params IEnumerable<string> lines) =>
        AppendBytes(user, day, part, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    /// <summary>Appends bytes as they are.</summary>
    public void AppendBytes(string user, DateOnly day, int part, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(user, day, part);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        if (LastWrite is { } time)
            File.SetLastWriteTimeUtc(path, time.UtcDateTime);
    }
}
