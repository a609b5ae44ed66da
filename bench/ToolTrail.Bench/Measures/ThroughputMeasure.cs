using System.Diagnostics;
using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench.Measures;

/// <summary>How long a contender takes from the first record until its last file is closed.</summary>
internal static class ThroughputMeasure
{
    private const int WarmUp = 50_000;

    public static async Task<Figures> RunAsync(string contender, SampleKind kind, int producers, int records)
    {
        var calls = SampleCalls.Make(kind);
        using (var warm = new WorkFolder())
        {
            await using var warmed = Contender.Open(contender, warm.Path);
            Produce(warmed, calls, producers, WarmUp);
        }

        using var folder = new WorkFolder();
        var subject = Contender.Open(contender, folder.Path);
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        Produce(subject, calls, producers, records);
        await subject.DisposeAsync();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Figures
        {
            ["per_second"] = records / seconds,
            ["arrived"] = folder.CountLines(),
            ["bytes_a_line"] = folder.CountBytes() / (double)records,
            ["peak_mib"] = ProcessMemory.PeakMiB(),
        };
    }

    private static void Produce(IContender contender, SampleCall[] calls, int producers, int records)
    {
        var threads = Enumerable.Range(0, producers).Select(producer => new Thread(() =>
        {
            for (var i = producer; i < records; i += producers)
                contender.Record(calls[i % calls.Length]);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }
}
