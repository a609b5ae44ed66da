using System.Diagnostics;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Bench.Measures;

/// <summary>
/// Records that their callers wait for until they are on disk, against the bare thing: one thread that appends 600 bytes and calls fdatasync, before
/// and after in the same run.
/// </summary>
internal static class DurableMeasure
{
    public static async Task<Figures> RunAsync(int callers, int users, int seconds)
    {
        using var folder = new WorkFolder();
        var bareLatencies = new List<double>();
        var bare = Bare(folder, seconds, bareLatencies);

        await using var recorder = ToolCallRecorder.Open(TrailHome.Open(Path.Combine(folder.Path, "home")), TrailConfiguration.Fixed(new TrailSettings()));
        ToolCallRecord[] records = [.. SampleCalls.Make(SampleKind.Short).Select(call => call.ToRecord())];
        if (users == 1)
            records = [.. records.Select(record => record with { User = "user-00" })];
        await CallAsync(recorder, records, callers, TimeSpan.FromSeconds(1), []);

        var latencies = new List<double>();
        var start = Stopwatch.GetTimestamp();
        await CallAsync(recorder, records, callers, TimeSpan.FromSeconds(seconds * 2), latencies);
        var perSecond = latencies.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;

        bare = (bare + Bare(folder, seconds, bareLatencies)) / 2;
        return new Figures
        {
            ["per_second"] = perSecond,
            ["bare_per_second"] = bare,
            ["ratio"] = perSecond / bare,
            ["p50_ms"] = Median(latencies),
            ["bare_p50_ms"] = Median(bareLatencies),
            ["p50_ratio"] = Median(latencies) / Median(bareLatencies),
        };
    }

    private static async Task CallAsync(ToolCallRecorder recorder, ToolCallRecord[] records, int callers, TimeSpan time, List<double> latencies)
    {
        var start = Stopwatch.GetTimestamp();
        var lists = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var took = new List<double>();
            for (var i = caller; Stopwatch.GetElapsedTime(start) < time; i += callers)
            {
                var begin = Stopwatch.GetTimestamp();
                await recorder.RecordAsync(records[i % records.Length], DeliveryMode.Durable);
                took.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return took;
        })));
        foreach (var took in lists)
            latencies.AddRange(took);
    }

    // Returns records a second.
    private static double Bare(WorkFolder folder, int seconds, List<double> latencies)
    {
        var line = new byte[600];
        using var file = File.OpenHandle(Path.Combine(folder.Path, Guid.NewGuid().ToString()), FileMode.CreateNew, FileAccess.Write);
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count++)
        {
            var begin = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, line, count * line.Length);
            DataSync.Sync(file);
            latencies.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
