using System.Xml.Linq;
using ToolTrail.Testing;

namespace ToolTrail.Repository.Tests;

/// <summary>The house has floors: a project may know only projects on lower ones.</summary>
public sealed class ProjectGraphTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["ToolTrail"] = 0,
        ["ToolTrail.Extensions.AI"] = 1,
        ["ToolTrail.Hook"] = 2,
        ["ToolTrail.Hooks"] = 1,
        ["ToolTrail.Mcp"] = 1,
        ["ToolTrail.ModelContextProtocol"] = 1,
        ["ToolTrail.Server"] = 2,
        ["ToolTrail.Cli"] = 3,
    };

    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateFiles(SourceTree.PathOf("src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(SourceTree.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyLowerFloors(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Floors.TryGetValue(name, out var floor), $"{name} has no floor yet: decide on it here.");
        foreach (var reference in Items(project, "ProjectReference"))
        {
            var other = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
            Assert.True(Floors[other] < floor, $"{name} (floor {floor}) may not reference {other} (floor {Floors[other]}).");
        }
    }

    [Fact]
    public void Core_References_OnlyAbstractions()
    {
        var core = Path.Combine("src", "ToolTrail", "ToolTrail.csproj");
        Assert.All(Items(core, "PackageReference"), package => Assert.True(
            package.EndsWith(".Abstractions", StringComparison.Ordinal) || package is "NSec.Cryptography" or "ZstdSharp.Port", $"The core may not reference {package}."));
        Assert.Empty(Items(core, "FrameworkReference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_ShowsItsInternals_ToItsTestsAlone(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        // The fuzzer is a test of every project that takes bytes from others.
        Assert.All(Items(project, "InternalsVisibleTo").Where(friend => friend != "ToolTrail.Fuzz"), friend => Assert.Equal($"{name}.Tests", friend));
    }

    [Fact]
    public void Solution_Contains_EveryProject()
    {
        var solution = File.ReadAllText(SourceTree.PathOf("ToolTrail.slnx"));
        var projects = new[] { "src", "tests", "samples" }.SelectMany(folder =>
            Directory.EnumerateFiles(SourceTree.PathOf(folder), "*.csproj", SearchOption.AllDirectories));
        Assert.All(projects, path => Assert.Contains(Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'), solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(SourceTree.PathOf(project)).Descendants(kind).Select(item => (string)item.Attribute("Include")!);
}
