using System.Globalization;

namespace ToolTrail.Torture.Fuzzing;

/// <summary>What afl-fuzz counted.</summary>
/// <param name="Runs">Inputs that were run.</param>
/// <param name="Crashes">Inputs that ended in an exception, one for each way there.</param>
/// <param name="Hangs">Inputs that took too long, likewise.</param>
internal sealed record AflStats(long Runs, long Crashes, long Hangs)
{
    /// <summary>Reads <c>fuzzer_stats</c>.</summary>
    public static AflStats Read(string path)
    {
        var values = File.ReadLines(path).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        return new AflStats(Number("execs_done"), Number("saved_crashes"), Number("saved_hangs"));

        long Number(string name) => long.Parse(values[name], CultureInfo.InvariantCulture);
    }
}
