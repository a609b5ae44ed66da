using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>A home of a test's own, and the tool on it.</summary>
internal sealed class CliHome : IDisposable
{
    /// <summary>For records of a fixed day: far enough back for all of them.</summary>
    public static readonly string[] AllDays = ["--days", "36500"];

    private readonly TempFolder _folder = new();

    // The settings of whoever runs the tests are nobody's here.
    private Dictionary<string, string?> NobodysSettings => new() { ["HOME"] = Folder, ["XDG_CONFIG_HOME"] = null };

    /// <summary>Absolute path.</summary>
    public string Path => _folder.At("trail");

    /// <summary>The folder that the home stands in, where the shell is started.</summary>
    public string Folder => _folder.Path;

    /// <summary>Runs a command on the home.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync([.. arguments, "--home", Path], environment: NobodysSettings);

    /// <summary>Starts a command on the home.</summary>
    public ToolProcess Start(params string[] arguments) => ToolProcess.Start([.. arguments, "--home", Path]);

    /// <summary>Runs a command line of the shell in which <c>tooltrail</c> is the tool, on the home.</summary>
    public async Task<ToolRun> RunShellAsync(string commandLine)
    {
        await using var shell = StartShell(commandLine);
        return await shell.FinishAsync();
    }

    /// <summary>Starts such a command line.</summary>
    public ToolProcess StartShell(string commandLine)
    {
        var environment = new Dictionary<string, string?>
        {
            ["TOOLTRAIL_HOME"] = Path,
            ["PATH"] = $"{System.IO.Path.GetDirectoryName(ToolProcess.Path)}:{Environment.GetEnvironmentVariable("PATH")}",
            ["TERM"] = "xterm-256color",
        };
        return ToolProcess.StartProgram("bash", ["-o", "pipefail", "-c", commandLine], _folder.Path, environment);
    }

    /// <summary>Stores records; all must be taken.</summary>
    public async Task RecordAsync(params string[] lines)
    {
        var run = await ToolProcess.RunAsync(["record", "--home", Path], string.Join('\n', lines) + "\n");
        Assert.Equal((0, $"stored {lines.Length}, refused 0\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    /// <summary>The text with what differs from run to run replaced.</summary>
    public string Normalize(string text) => text.Replace(Path, "{home}", StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
