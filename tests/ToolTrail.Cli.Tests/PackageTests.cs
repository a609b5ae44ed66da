using System.IO.Compression;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The packages, used as a stranger would: from a feed, in an empty folder.</summary>
public sealed class PackageTests : IClassFixture<LocalFeed>, IDisposable
{
    private readonly CliHome _home = new();
    private readonly LocalFeed _feed;

    public PackageTests(LocalFeed feed) => _feed = feed;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Tool_Installed_RunsFromAnEmptyFolder()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var install = await _feed.RunAsync(Path.Combine(LocalFeed.DotNetRoot, "dotnet"), "tool", "install", "tooltrail", "--tool-path", _feed.At("tools"));
        Assert.True(install.ExitCode == 0, install.Output + install.Errors);
        var tool = Path.Combine(_feed.At("tools"), "tooltrail");
        Assert.Equal((await ToolProcess.RunAsync(["--version"])).Output, (await _feed.RunAsync(tool, "--version")).Output);
        await AssertReadsAsync(tool);
        await AssertServesAsync(tool);
    }

    [Fact]
    public async Task Tool_ByDnx_RunsFromAnEmptyFolder()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        await AssertReadsAsync(Path.Combine(LocalFeed.DotNetRoot, "dnx"), "tooltrail", "--yes", "--");
    }

    [Theory]
    [InlineData("tooltrail", "tooltrail.dll")]
    [InlineData("ToolTrail.Core", "ToolTrail.Core.dll")]
    [InlineData("ToolTrail.Mcp", "ToolTrail.Mcp.dll")]
    [InlineData("ToolTrail.Server", "ToolTrail.Server.dll")]
    public void Package_HasItsAssemblyReadmeAndLicence(string id, string assembly)
    {
        using var package = ZipFile.OpenRead(Assert.Single(Directory.EnumerateFiles(_feed.Packages, $"{id}.0.*.nupkg")));
        Assert.Contains(package.Entries, entry => entry.Name == assembly);
        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
        using var specification = new StreamReader(Assert.Single(package.Entries, entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var text = specification.ReadToEnd();
        Assert.Contains("""<license type="expression">Apache-2.0</license>""", text, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", text, StringComparison.Ordinal);
    }

    private async Task AssertReadsAsync(string program, params string[] before)
    {
        var run = await _feed.RunAsync(program, [.. before, "recent", "--json", "--home", _home.Path, .. CliHome.AllDays]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(Calls.OfOneMorning.Length, run.Lines.Count);
    }

    // The server is in the package, and what it needs.
    private async Task AssertServesAsync(string tool)
    {
        await using var server = ToolProcess.StartProgram(tool, ["serve", "--urls", "http://127.0.0.1:0", "--home", _home.Path], _feed.Empty);
        var welcome = await server.ReadLineAsync();
        Assert.NotNull(welcome);
        using var client = new HttpClient { BaseAddress = new Uri(welcome[welcome.IndexOf("http://", StringComparison.Ordinal)..]) };
        Assert.Contains("live", await client.GetStringAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        server.Signal("TERM");
        Assert.Equal(0, await server.WaitForExitAsync());
    }
}
