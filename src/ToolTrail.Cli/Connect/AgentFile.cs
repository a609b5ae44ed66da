using System.Globalization;
using ToolTrail.Storage;

namespace ToolTrail.Cli.Connect;

/// <summary>An agent's configuration file, and what is kept beside it of what was there before. A link stays one: it is what it leads to that is read and written.</summary>
internal static class AgentFile
{
    // Beside the file, so that whoever looks for what was there finds it.
    private const string BackupExtension = ".before-tooltrail";

    // Of what nobody kept a copy when it was connected, if it ever was.
    private const string UnknownExtension = ".before-disconnect";

    /// <summary>Its bytes; <c>null</c>: it is not there, or a link that leads to nothing.</summary>
    public static byte[]? Read(string file) => File.Exists(TargetOf(file)) ? File.ReadAllBytes(file) : null;

    /// <summary>Writes it whole or not at all, since the host may read at any time; it is still for whom it was for.</summary>
    public static void Write(string file, byte[] bytes) => Write(file, bytes, ModeOf(file));

    /// <summary>Deletes it.</summary>
    public static void Delete(string file) => File.Delete(TargetOf(file));

    /// <summary>Keeps what is there before it is connected.</summary>
    /// <returns>Where.</returns>
    public static string Keep(string file, byte[] before) => Keep(file, BackupExtension, before);

    /// <summary>Keeps what is there before it is disconnected, where nothing else is kept.</summary>
    /// <returns>Where.</returns>
    public static string KeepUnknown(string file, byte[] before) => Keep(file, UnknownExtension, before);

    /// <summary>What was there before each connection, oldest first. There is a second one where the first could not be brought back.</summary>
    public static IEnumerable<string> Backups(string file) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(file)!)
            .Where(other => other.StartsWith(file + BackupExtension, StringComparison.Ordinal))
            .OrderBy(other => other.Length).ThenBy(other => other, StringComparer.Ordinal);

    private static string Keep(string file, string extension, byte[] before)
    {
        var first = file + extension;
        var others = Enumerable.Range(2, int.MaxValue - 2).Select(number => string.Create(CultureInfo.InvariantCulture, $"{first}.{number}"));
        var kept = others.Prepend(first).First(backup => !File.Exists(backup));
        Write(kept, before, ModeOf(file));
        return kept;
    }

    private static void Write(string file, byte[] bytes, UnixFileMode? mode)
    {
        var target = TargetOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        DurableFile.Write(target, bytes);
        if (!OperatingSystem.IsWindows() && mode is { } known)
            File.SetUnixFileMode(target, known);
    }

    // What holds a server's secrets may be its owner's alone, and so is what is copied from it.
    private static UnixFileMode? ModeOf(string file) => !OperatingSystem.IsWindows() && File.Exists(TargetOf(file)) ? File.GetUnixFileMode(file) : null;

    private static string TargetOf(string file) => new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
}
