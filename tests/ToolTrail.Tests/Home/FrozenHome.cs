using ToolTrail.Testing;

namespace ToolTrail.Tests.Home;

/// <summary>A copy of a home as an earlier build left it. What stands in the repository under <c>Homes</c> is never changed, only added to.</summary>
internal sealed class FrozenHome : IDisposable
{
    private static readonly string Homes = FindHomes();
    private readonly TempFolder _folder = new();

    /// <param name="version">Its folder's name.</param>
    /// <param name="lastWrite">When its files were last written.</param>
    public FrozenHome(string version, DateTimeOffset lastWrite)
    {
        var from = Path.Combine(Homes, version);
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.At(Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
            File.SetLastWriteTimeUtc(copy, lastWrite.UtcDateTime);
        }
    }

    /// <summary>The versions there are.</summary>
    public static IEnumerable<string> Versions => Directory.EnumerateDirectories(Homes).Select(path => Path.GetFileName(path)!);

    /// <summary>Absolute path of the copy.</summary>
    public string Location => _folder.Path;

    /// <summary>Every day file's bytes, by path.</summary>
    public Dictionary<string, byte[]> DayFiles() => Directory.EnumerateFiles(_folder.Path, "*.jsonl", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);

    public void Dispose() => _folder.Dispose();

    private static string FindHomes()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ToolTrail.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return Path.Combine(folder, "tests", "ToolTrail.Tests", "Homes");
    }
}
