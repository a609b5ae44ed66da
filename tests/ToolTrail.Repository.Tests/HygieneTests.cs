using ToolTrail.Testing;

namespace ToolTrail.Repository.Tests;

/// <summary>What may not stand in the repository.</summary>
public sealed class HygieneTests
{
    [Fact]
    public void Text_NamesNoMachinesFolders()
    {
        // Spelled so that this file itself is clean.
        string[] forbidden = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "C:\\Use" + "rs\\"];
        foreach (var path in SourceTree.TrackedFiles())
        {
            var text = File.ReadAllText(SourceTree.PathOf(path));
            foreach (var word in forbidden)
                Assert.False(text.Contains(word, StringComparison.Ordinal), $"{path} names the folder {word} of a machine.");
        }
    }

    [Fact]
    public void LockFiles_NameNoRegistry()
    {
        foreach (var path in SourceTree.TrackedFiles().Where(path => Path.GetFileName(path) is "package-lock.json" or "packages.lock.json"))
            Assert.DoesNotContain("\"resolved\": \"http", File.ReadAllText(SourceTree.PathOf(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_StayReadable()
    {
        foreach (var path in SourceTree.TrackedFiles().Where(path => path.EndsWith(".cs", StringComparison.Ordinal)))
            Assert.True(File.ReadLines(SourceTree.PathOf(path)).Count() <= 400, $"{path} is longer than 400 lines: which concept in it deserves its own file?");
    }
}
