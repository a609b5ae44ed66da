using System.Text.RegularExpressions;
using ToolTrail.Testing;

namespace ToolTrail.Repository.Tests;

/// <summary>What the documentation shows is so.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Documents() =>
        [.. SourceTree.TrackedFiles().Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    public static TheoryData<string> PackageReadmes() =>
        [.. SourceTree.TrackedFiles().Where(path => path.StartsWith("src/", StringComparison.Ordinal) && Path.GetFileName(path) == "README.md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_CSharp_StandsInASampleThatIsBuilt(string document)
    {
        var samples = SourceTree.TrackedFiles().Where(path => path.StartsWith("samples/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => File.ReadAllText(SourceTree.PathOf(path))).ToList();
        foreach (var code in CodeIn(document, "csharp"))
            Assert.True(samples.Exists(sample => sample.Contains(code, StringComparison.Ordinal)), $"No sample has the code that {document} shows:\n{code}");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_Links_LeadSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(SourceTree.PathOf(document))!;
        foreach (Match link in Link().Matches(File.ReadAllText(SourceTree.PathOf(document))))
        {
            var target = link.Groups["target"].Value;
            if (target.StartsWith("http", StringComparison.Ordinal))
                continue;
            var (path, anchor) = target.Split('#', 2) is [var file, var name] ? (file, name) : (target, null);
            var full = path.Length == 0 ? SourceTree.PathOf(document) : Path.GetFullPath(Path.Combine(folder, path));
            Assert.True(File.Exists(full) || Directory.Exists(full), $"{document} links to {target}, which is not there.");
            if (anchor is not null)
                Assert.Contains(anchor, AnchorsOf(full));
        }
    }

    [Theory]
    [MemberData(nameof(PackageReadmes))]
    public void PackageReadme_Begins_WithFiveLinesOfCode(string document)
    {
        var lines = File.ReadAllLines(SourceTree.PathOf(document));
        Assert.StartsWith("# ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("```", lines[2], StringComparison.Ordinal);
        Assert.Equal("```", lines[8]);
    }

    [Fact]
    public void EachPackage_HasAReadme() => Assert.Equal(
        Directory.GetDirectories(SourceTree.PathOf("src")).Select(Path.GetFileName).Order(),
        Directory.GetFiles(SourceTree.PathOf("src"), "README.md", SearchOption.AllDirectories).Select(path => Path.GetFileName(Path.GetDirectoryName(path))).Order());

    private static IEnumerable<string> CodeIn(string document, string language) =>
        Regex.Matches(File.ReadAllText(SourceTree.PathOf(document)), $"^```{language}\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups["code"].Value);

    // As the usual renderers make them from headings.
    private static IEnumerable<string> AnchorsOf(string path) => File.ReadLines(path)
        .Where(line => line.StartsWith('#'))
        .Select(line => Regex.Replace(line.TrimStart('#').Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
