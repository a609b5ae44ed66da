using System.Diagnostics;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Verification;

namespace ToolTrail.Bench.Measures;

/// <summary>What verifying a user's day costs, in turn with <c>openssl dgst -sha256</c> of the same file.</summary>
internal static class VerifyMeasure
{
    public static async Task<Figures> RunAsync(int lines, int rounds)
    {
        using var folder = new WorkFolder();
        await OneUsersDay.RecordAsync(folder, lines);
        var home = TrailHome.OpenForReading(folder.Path);
        var options = new VerifyOptions { Keys = new SealLog(home).VerifierKeys() };
        var verifier = new TrailVerifier(home);
        var megabytes = verifier.Measure(options) / 1e6;
        var file = Directory.EnumerateFiles(folder.Path, "*.jsonl", SearchOption.AllDirectories).Single();
        // Warm: the file is in memory, and the code compiled.
        Verify();
        Digest(file);
        var (wall, processor, openssl) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            using var process = Process.GetCurrentProcess();
            var (before, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            Verify();
            wall.Add(megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds);
            process.Refresh();
            processor.Add(megabytes / (process.TotalProcessorTime - before).TotalSeconds);
            openssl.Add(megabytes / Digest(file).TotalSeconds);
        }

        return new Figures { ["mb_per_second"] = Median(wall), ["mb_per_core_second"] = Median(processor), ["openssl_mb_per_second"] = Median(openssl) };

        void Verify()
        {
            var verdict = verifier.Verify(options);
            if (!verdict.IsIntact || verdict.Parts.Sum(part => part.Lines) != lines)
                throw new InvalidOperationException("What was written does not verify.");
        }
    }

    private static TimeSpan Digest(string file)
    {
        var start = Stopwatch.GetTimestamp();
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", file]) { RedirectStandardOutput = true })!;
        openssl.StandardOutput.ReadToEnd();
        openssl.WaitForExit();
        return openssl.ExitCode == 0 ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"openssl ended with {openssl.ExitCode}.");
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
