using System.Diagnostics;
using ToolTrail.Testing;

namespace ToolTrail.Torture;

/// <summary>Runs faults, one after the other.</summary>
internal static class Bench
{
    /// <summary>Where homes and disk images lie: on the repository's own disk.</summary>
    public static string Folder { get; } = SourceTree.PathOf("artifacts", "torture");

    /// <summary>Runs a fault.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="scale">Share of a full run.</param>
    public static async Task<FaultResult> RunAsync(IFault fault, double scale)
    {
        var folder = Path.Combine(Folder, fault.Key);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var seed = Random.Shared.Next();
        Console.WriteLine($"== {fault.Title} (seed {seed})");
        var started = Stopwatch.GetTimestamp();
        var run = new FaultRun(folder, scale, seed);
        try
        {
            await fault.RunAsync(run);
        }
        catch (Exception e)
        {
            // A row that cannot go on is one that failed; the others are run all the same.
            run.Broken($"The row ended in the middle: {e}");
        }

        var result = run.Result(fault.Title);
        Console.WriteLine($"\n  {(result.Holds ? "holds" : "DOES NOT HOLD")}, {Stopwatch.GetElapsedTime(started):hh\\:mm\\:ss}");
        // What failed is kept to be looked at.
        if (result.Holds)
            Directory.Delete(folder, recursive: true);
        return result;
    }
}
