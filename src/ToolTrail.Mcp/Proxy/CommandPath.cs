namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// Finds a command as a shell does. The runtime's own search looks into the running program's folder and the current one first, where a file that
/// happens to be called like the server's command would be started instead.
/// </summary>
internal static class CommandPath
{
    /// <summary>The file to start.</summary>
    /// <returns>A path; <c>null</c> when <c>PATH</c> has no such command.</returns>
    public static string? Find(string command)
    {
        if (command.Contains(Path.DirectorySeparatorChar) || command.Contains(Path.AltDirectorySeparatorChar))
            return Path.GetFullPath(command);
        return (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                from extension in Extensions()
                let path = Path.Combine(folder, command + extension)
                where IsExecutable(path)
                select path).FirstOrDefault();
    }

    private static string[] Extensions() => OperatingSystem.IsWindows()
        ? ["", .. (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries)]
        : [""];

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            ? Path.HasExtension(path)
            : (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
