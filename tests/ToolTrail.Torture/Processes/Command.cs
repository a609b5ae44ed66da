using ToolTrail.Testing;

namespace ToolTrail.Torture.Processes;

/// <summary>Runs the system's programs.</summary>
internal static class Command
{
    /// <summary>Runs a program that has to succeed.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await TryAsync(program, arguments);
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}{run.Errors}");
    }

    /// <summary>Runs a program that may fail.</summary>
    public static async Task<ToolRun> TryAsync(string program, params string[] arguments)
    {
        await using var process = ToolProcess.StartProgram(program, arguments);
        return await process.FinishAsync();
    }
}
