using System.Diagnostics;
using ToolTrail.Home;
using ToolTrail.Reading;

namespace ToolTrail.Bench.Measures;

/// <summary>What the last 200 records of a user cost, by how many the day holds.</summary>
internal static class RecentMeasure
{
    public static async Task<Figures> RunAsync(int records, int rounds)
    {
        using var folder = new WorkFolder();
        var user = await OneUsersDay.RecordAsync(folder, records);
        var reader = new TrailReader(TrailHome.OpenForReading(folder.Path));
        var took = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var page = await reader.ReadRecentAsync(user, days: 7, limit: 200);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (page.Records.Count != 200)
                throw new InvalidOperationException($"Of the last 200 records {page.Records.Count} came.");
        }

        var first = took[0];
        took.Sort();
        return new Figures { ["first_ms"] = first, ["p50_ms"] = took[took.Count / 2], ["p99_ms"] = took[(int)(took.Count * 0.99)] };
    }
}
