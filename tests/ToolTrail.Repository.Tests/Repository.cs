namespace ToolTrail.Repository.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its root folder: the one above the tests that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path in it.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ToolTrail.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository: no ToolTrail.slnx above them.");
        return folder;
    }
}
