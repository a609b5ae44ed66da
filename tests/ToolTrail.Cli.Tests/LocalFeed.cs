using System.Runtime.InteropServices;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The packages that <c>dotnet pack</c> makes of this build, in a folder that is the only feed.</summary>
public sealed class LocalFeed : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>The folder of the SDK that runs the tests: {root}/shared/Microsoft.NETCore.App/{version}/ is where this process's runtime comes from.</summary>
    public static string DotNetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The packages.</summary>
    public string Packages => _folder.At("feed");

    /// <summary>An empty folder, but for a configuration that names the feed.</summary>
    public string Empty => _folder.At("empty");

    /// <summary>Absolute path of something beside it.</summary>
    public string At(string name) => _folder.At(name);

    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        await using var pack = ToolProcess.StartProgram(
            Path.Combine(DotNetRoot, "dotnet"), ["pack", "ToolTrail.slnx", "-c", configuration, "--no-build", "--nologo", "-nodeReuse:false", "-o", Packages], SourceTree.Root);
        var run = await pack.FinishAsync();
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);

        Directory.CreateDirectory(Empty);
        File.WriteAllText(Path.Combine(Empty, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="local" value="{Packages}" /></packageSources></configuration>
            """);
    }

    /// <summary>Runs a program in the empty folder; nothing is found in the machine's caches, and nothing stays in them.</summary>
    public async Task<ToolRun> RunAsync(string program, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_CLI_HOME"] = _folder.At("home"),
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_ROOT"] = DotNetRoot,
            ["NUGET_PACKAGES"] = _folder.At("cache"),
            ["NUGET_HTTP_CACHE_PATH"] = _folder.At("http"),
        };
        await using var process = ToolProcess.StartProgram(program, arguments, Empty, environment);
        return await process.FinishAsync();
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
