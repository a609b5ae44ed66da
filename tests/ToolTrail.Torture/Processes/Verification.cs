using ToolTrail.Testing;

namespace ToolTrail.Torture.Processes;

/// <summary>What <c>tooltrail verify</c> said of a home.</summary>
/// <param name="ExitCode">0: everything is as it was sealed; 1: something was found.</param>
/// <param name="Text">What it printed.</param>
internal sealed record Verification(int ExitCode, string Text)
{
    private const int Usage = 2;

    /// <summary>Whether nothing was found.</summary>
    public bool Passes => ExitCode == 0;

    /// <summary>Whether this build knows no such command.</summary>
    public bool IsUnknown => ExitCode == Usage && Text.Contains("Unrecognized command", StringComparison.Ordinal);

    /// <summary>Runs it.</summary>
    public static async Task<Verification> RunAsync(string home)
    {
        var run = await ToolProcess.RunAsync(["verify", "--home", home, "--json"]);
        return new Verification(run.ExitCode, run.Output + run.Errors);
    }
}
