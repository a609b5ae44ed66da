using System.IO.Compression;
using System.Runtime.InteropServices;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The packages that <c>dotnet pack</c> made (<c>./test</c> packs before it tests), installed as a user would, from a local feed alone.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Feed = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "package", new DirectoryInfo(AppContext.BaseDirectory).Name));

    // Where this process's runtime comes from: {root}/shared/Microsoft.NETCore.App/{version}/.
    private static readonly string DotNetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private readonly TempFolder _folder = new();
    private readonly CliHome _home = new();

    public PackageTests()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        File.WriteAllText(_folder.At("empty", "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{Feed}" /></packageSources></configuration>
            """);
    }

    public void Dispose()
    {
        _home.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tool_InstalledFromALocalFeed_Runs()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        var install = await DotNetAsync("tool", "install", "tooltrail", "--tool-path", _folder.At("tools"));
        Assert.True(install.ExitCode == 0, install.Output + install.Errors);
        var installed = await RunAsync(_folder.At("tools", "tooltrail"), "--version");
        Assert.Equal((await ToolProcess.RunAsync(["--version"])).Output, installed.Output);
        await AssertWorksAsync(_folder.At("tools", "tooltrail"));
    }

    [Fact]
    public async Task Tool_ByDnx_Runs()
    {
        await _home.RecordAsync(Calls.OfOneMorning);
        await AssertWorksAsync(Path.Combine(DotNetRoot, "dnx"), "tooltrail", "--yes", "--");
    }

    [Theory]
    [InlineData("tooltrail", "tooltrail.dll")]
    [InlineData("ToolTrail.Core", "ToolTrail.Core.dll")]
    [InlineData("ToolTrail.Mcp", "ToolTrail.Mcp.dll")]
    [InlineData("ToolTrail.Server", "ToolTrail.Server.dll")]
    public void Package_HasItsAssemblyReadmeAndLicence(string id, string assembly)
    {
        var path = Assert.Single(Directory.EnumerateFiles(Feed, $"{id}.0.*.nupkg"));
        using var package = ZipFile.OpenRead(path);
        Assert.Contains(package.Entries, entry => entry.Name == assembly);
        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
        using var specification = new StreamReader(Assert.Single(package.Entries, entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var text = specification.ReadToEnd();
        Assert.Contains("""<license type="expression">Apache-2.0</license>""", text, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", text, StringComparison.Ordinal);
    }

    private async Task AssertWorksAsync(string program, params string[] before)
    {
        var run = await RunAsync(program, [.. before, "recent", "--json", "--home", _home.Path, .. CliHome.AllDays]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(Calls.OfOneMorning.Length, run.Lines.Count);
    }

    private Task<ToolRun> DotNetAsync(params string[] arguments) => RunAsync(Path.Combine(DotNetRoot, "dotnet"), arguments);

    private async Task<ToolRun> RunAsync(string program, params string[] arguments)
    {
        // Nothing is found in the machine's caches, and nothing stays in them.
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_CLI_HOME"] = _folder.At("home"),
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_ROOT"] = DotNetRoot,
            ["NUGET_PACKAGES"] = _folder.At("cache"),
            ["NUGET_HTTP_CACHE_PATH"] = _folder.At("http"),
        };
        await using var process = ToolProcess.StartProgram(program, arguments, _folder.At("empty"), environment);
        return await process.FinishAsync();
    }
}
