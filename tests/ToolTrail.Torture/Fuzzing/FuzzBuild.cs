using ToolTrail.Testing;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Fuzzing;

/// <summary>A copy of the fuzzer's build that tells afl-fuzz which branches an input takes.</summary>
internal static class FuzzBuild
{
    private static readonly string Built = Path.GetDirectoryName(ToolProcess.Path)!.Replace("ToolTrail.Cli", "ToolTrail.Fuzz", StringComparison.Ordinal);

    /// <summary>Makes it.</summary>
    /// <param name="folder">Where to; not there yet.</param>
    /// <returns>Path of the program.</returns>
    public static async Task<string> MakeAsync(string folder)
    {
        await Command.RunAsync("cp", "-r", Built, folder);
        await Command.RunAsync(Path.Combine(Built, "ToolTrail.Fuzz"), "instrument", folder);
        return Path.Combine(folder, "ToolTrail.Fuzz");
    }
}
