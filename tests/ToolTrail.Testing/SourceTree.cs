using System.Diagnostics;
using Xunit;

namespace ToolTrail.Testing;

/// <summary>The repository that these tests were built from.</summary>
public static class SourceTree
{
    /// <summary>Its root folder: the one above the tests that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path in it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>The files that belong to it, by their paths in it.</summary>
    public static List<string> TrackedFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z"]) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(PathOf(path))).ToList();
        git.WaitForExit();
        Assert.NotEmpty(files);
        return files;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ToolTrail.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository: no ToolTrail.slnx above them.");
        return folder;
    }
}
