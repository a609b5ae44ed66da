using System.Runtime.Versioning;
using ToolTrail.Home;

namespace ToolTrail.Cli.Doctor;

/// <summary>Whether others can read or change what stands in a home. Windows: the per-user data folder is the user's own by its access list.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PermissionCheck
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Others = OthersWrite | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Looks at the home and at the folders in it.</summary>
    public static Finding Find(TrailHome home)
    {
        var me = FileOwner.Me;
        string[] inner = [home.SystemPath, .. home.UserFolders().Select(folder => Path.Combine(home.Path, folder))];
        foreach (var path in inner.Append(home.Path))
        {
            var owner = FileOwner.Of(path);
            if (owner != me)
                return Wrong($"{path} belongs to the user with id {owner}, and you are {me}", $"record and read as one user; to take it over: chown -R {me} '{home.Path}'");
        }

        foreach (var path in inner)
        {
            if ((File.GetUnixFileMode(path) & Others) != 0)
                return Wrong($"others may enter {path}", $"chmod -R go= '{home.Path}'");
        }

        var mode = File.GetUnixFileMode(home.Path);
        if ((mode & OthersWrite) != 0)
            return Wrong($"others may replace what is in {home.Path}", $"chmod 700 '{home.Path}'");
        return (mode & Others) != 0
            ? new(Verdict.Note, "Permissions", "others may see which users there are, and read no record", $"chmod 700 '{home.Path}'")
            : new(Verdict.Good, "Permissions", "the home is yours alone");
    }

    private static Finding Wrong(string text, string advice) => new(Verdict.Wrong, "Permissions", text, advice);
}
