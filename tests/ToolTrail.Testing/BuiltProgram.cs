namespace ToolTrail.Testing;

/// <summary>The programs that were built beside these tests: <c>artifacts/bin/{project}/{configuration}/</c>.</summary>
public static class BuiltProgram
{
    /// <summary>Absolute path of a project's program.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="program">The program's; <c>null</c>: the project's.</param>
    public static string PathOf(string project, string? program = null)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{program ?? project}{(OperatingSystem.IsWindows() ? ".exe" : "")}");
    }
}
