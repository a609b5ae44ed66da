using SharpFuzz;

namespace ToolTrail.Fuzz;

/// <summary>Lets a build tell afl-fuzz which branches an input takes.</summary>
internal static class Instrumentation
{
    private static readonly string[] Assemblies = ["ToolTrail.Core.dll", "ToolTrail.Hooks.dll", "ToolTrail.Mcp.dll", "ToolTrail.Server.dll"];

    // What writers and timers do runs on threads of its own, whenever it comes to it: it would make every input look new.
    private static readonly string[] NotOfInterest = ["ToolTrail.Home.", "ToolTrail.Storage.", "ToolTrail.Recording.ToolCallRecorder", "ToolTrail.Recording.RecordIngest"];
    private static readonly string[] OfInterest = ["CompressedBytes", "PartBytes", "DayFileName"];

    /// <summary>Instruments the assemblies of a build.</summary>
    /// <param name="folder">A copy of this program's folder: what it holds is changed.</param>
    public static void Run(string folder)
    {
        foreach (var assembly in Assemblies)
            Fuzzer.Instrument(Path.Combine(folder, assembly), IsOfInterest, Options.Value);
    }

    private static bool IsOfInterest(string type) =>
        OfInterest.Any(name => type.Contains(name, StringComparison.Ordinal)) || !NotOfInterest.Any(name => type.StartsWith(name, StringComparison.Ordinal));
}
