using System.Globalization;
using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Cli.Doctor;

/// <summary>The home as a folder: whether it is there, whose it is, and whether it can be written.</summary>
internal static class HomeChecks
{
    private const long MegaByte = 1_000_000;

    /// <summary>Whether a trail was ever written there.</summary>
    public static bool IsMade(TrailHome home) => Directory.Exists(home.SystemPath);

    /// <summary>Where the home is and whether it is there.</summary>
    /// <param name="home">The home.</param>
    /// <param name="origin">What named it, e.g. <c>--home</c>.</param>
    public static Finding Place(TrailHome home, string origin) => IsMade(home)
        ? new(Verdict.Good, "Home", $"{home.Path} (from {origin}); days are those of {home.TimeZone.Id}")
        : new(Verdict.Note, "Home", $"{home.Path} (from {origin}) holds no trail yet", "nothing to do: the first process that records makes it");

    /// <summary>Whether there is room.</summary>
    public static Finding Disk(TrailHome home)
    {
        var free = new DriveInfo(NearestFolder(home.Path)).AvailableFreeSpace;
        var text = free < 1000 * MegaByte
            ? string.Create(CultureInfo.InvariantCulture, $"{free / MegaByte} MB free")
            : string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free");
        return free switch
        {
            < 100 * MegaByte => new(Verdict.Wrong, "Disk", text, "make room: a full disk loses records"),
            < 1000 * MegaByte => new(Verdict.Note, "Disk", text, "make room soon: a full disk loses records"),
            _ => new(Verdict.Good, "Disk", text),
        };
    }

    /// <summary>Whether a real append and sync works.</summary>
    public static Finding Writing(TrailHome home)
    {
        var folder = IsMade(home) ? home.SystemPath : NearestFolder(home.Path);
        try
        {
            var elapsed = StorageProbe.AppendAndSync(folder);
            return new(Verdict.Good, "Writing", string.Create(CultureInfo.InvariantCulture, $"a line was appended and synced in {elapsed.TotalMilliseconds:0.0} ms"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A finding, and the reason for being here.
            return new(Verdict.Wrong, "Writing", $"a line could not be appended and synced in {folder}: {e.Message}",
                "nothing can be recorded until this works: look at the disk and at who may write there");
        }
    }

    private static string NearestFolder(string path)
    {
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
            path = parent;
        return path;
    }
}
