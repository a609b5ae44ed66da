using System.Diagnostics;
using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench.Measures;

/// <summary>What one record costs its caller at a steady 10,000 records a second.</summary>
internal static class CallerMeasure
{
    private const int PerSecond = 10_000;
    private const int WarmUpSeconds = 3;

    public static async Task<Figures> RunAsync(string contender, SampleKind kind, int seconds)
    {
        var calls = SampleCalls.Make(kind);
        using var folder = new WorkFolder();
        await using var subject = Contender.Open(contender, folder.Path);
        Pace(subject, calls, new long[WarmUpSeconds * PerSecond]);

        var took = new long[seconds * PerSecond];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pace(subject, calls, took);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(took);
        return new Figures
        {
            ["p50_us"] = Microseconds(took[took.Length / 2]),
            ["p99_us"] = Microseconds(took[(int)(took.Length * 0.99)]),
            ["allocated_bytes"] = allocated / (double)took.Length,
        };
    }

    private static void Pace(IContender contender, SampleCall[] calls, long[] took)
    {
        var interval = Stopwatch.Frequency / PerSecond;
        var due = Stopwatch.GetTimestamp();
        for (var i = 0; i < took.Length; i++, due += interval)
        {
            while (Stopwatch.GetTimestamp() < due)
                Thread.SpinWait(20);
            var start = Stopwatch.GetTimestamp();
            contender.Record(calls[i % calls.Length]);
            took[i] = Stopwatch.GetTimestamp() - start;
        }
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
