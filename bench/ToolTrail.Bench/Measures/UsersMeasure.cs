using ToolTrail.Bench.Contenders;

namespace ToolTrail.Bench.Measures;

/// <summary>What many users at once cost: memory and open files.</summary>
internal static class UsersMeasure
{
    public static async Task<Figures> RunAsync(int users, int recordsOfEach)
    {
        using var folder = new WorkFolder();
        var calls = SampleCalls.Make(SampleKind.Short);
        string[] names = [.. Enumerable.Range(0, users).Select(user => $"user-{user:00000}")];
        var openFiles = 0;
        await using (var recorder = new ToolTrailContender(folder.Path))
        {
            for (var i = 0; i < users * recordsOfEach; i++)
            {
                recorder.Record(calls[i % calls.Length] with { User = names[i % users] });
                if (i % 1000 == 0)
                    openFiles = Math.Max(openFiles, Directory.GetFileSystemEntries("/proc/self/fd").Length);
            }
        }

        return new Figures { ["peak_mib"] = ProcessMemory.PeakMiB(), ["open_files"] = openFiles, ["arrived"] = folder.CountLines() };
    }
}
