using ToolTrail.Testing;

namespace ToolTrail.Torture.Processes;

/// <summary>What <c>tooltrail verify</c> said of a home.</summary>
/// <param name="ExitCode">0: everything is as it was sealed; 1: something was found.</param>
/// <param name="Text">What it printed.</param>
internal sealed record VerifyRun(int ExitCode, string Text)
{
    /// <summary>Whether nothing was found.</summary>
    public bool Passes => ExitCode == 0;

    /// <summary>Runs it.</summary>
    public static async Task<VerifyRun> RunAsync(string home)
    {
        var run = await ToolProcess.RunAsync(["verify", "--home", home, "--json"]);
        return new VerifyRun(run.ExitCode, run.Output + run.Errors);
    }
}
