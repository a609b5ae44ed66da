using System.Diagnostics;

namespace ToolTrail.Testing;

/// <summary>The built tool as a process of its own, with none of this process's ToolTrail settings. What it waits for must come within a minute.</summary>
public sealed class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly string[] NotInherited = ["TOOLTRAIL_HOME", "XDG_DATA_HOME", "NO_COLOR"];

    private readonly Process _process;
    private readonly Task<string> _errors;

    private ToolProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The tool as this build made it: of the same configuration as the tests.</summary>
    public static string Path { get; } = BuiltProgram.PathOf("ToolTrail.Cli", "tooltrail");

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Most memory that it had at once, in MiB.</summary>
    public long PeakMiB
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 >> 20;
        }
    }

    /// <summary>What the tool reads.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>What the tool prints.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts the tool.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="folder">Where it is started; <c>null</c>: here.</param>
    /// <param name="environment">Variables that are set, or with <c>null</c> removed.</param>
    public static ToolProcess Start(
        IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        StartProgram(Path, arguments, folder, environment);

    /// <summary>Starts another program in the same way, e.g. an installed tool.</summary>
    public static ToolProcess StartProgram(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => NotInherited.Contains(name) || name.StartsWith("TOOLTRAIL__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="input">What it reads; <c>null</c>: nothing.</param>
    /// <param name="folder">Where it is started; <c>null</c>: here.</param>
    /// <param name="environment">Variables that are set, or with <c>null</c> removed.</param>
    public static async Task<ToolRun> RunAsync(
        IEnumerable<string> arguments, string? input = null, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var tool = Start(arguments, folder, environment);
        return await tool.FinishAsync(input);
    }

    /// <summary>Gives the tool its whole input, and waits for its end.</summary>
    public async Task<ToolRun> FinishAsync(string? input = null)
    {
        var output = Output.ReadToEndAsync();
        if (input is not null)
            await Input.WriteAsync(input);
        Input.Close();
        var exitCode = await WaitForExitAsync();
        return new ToolRun(exitCode, await output, await _errors);
    }

    /// <summary>The next line that the tool prints; <c>null</c> at its end.</summary>
    /// <param name="within">How long it may take; <c>null</c>: a minute.</param>
    public async Task<string?> ReadLineAsync(TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Deadline);
        return await Output.ReadLineAsync(deadline.Token);
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="within">How long it may take; <c>null</c>: a minute.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">Its name without SIG, e.g. <c>TERM</c>; INT is ignored by whatever a shell starts in the background.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Kills it, and what it started.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
