using System.Diagnostics;
using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>A day file or its folder is deleted, replaced or cut under its writer: it has to be noticed within 1 s, and a new part to begin.</summary>
internal sealed class PulledAway : IFault
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1);
    private static readonly Action<string>[] Pulls = [Replace, Delete, DeleteFolder, Cut];
    private TimeSpan _longest;

    public string Key => "pulled";

    public string Title => "file or folder deleted, replaced, cut";

    public int Rounds => 40;

    public TimeSpan FullRun => TimeSpan.FromMinutes(4);

    public async Task RunAsync(FaultRun run)
    {
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            var trail = run.NewTrail();
            await using (var writer = Writer.Start(trail, new WriterLoad { BackgroundOf = 0 }))
            {
                await writer.FirstAnswer;
                // What was never sealed leaves no trace when it is pulled away whole: a second's file may be.
                await SealedAsync(trail);
                await Task.Delay(run.Moment(TimeSpan.FromSeconds(1.5)));
                var file = TrailCheck.DayFiles(trail.Home).First(path => path.Contains("/ann/", StringComparison.Ordinal));
                Pulls[round % Pulls.Length](file);
                await NoticeAsync(run, file);
                // Who met the folder while it was being deleted was told so.
                var failed = writer.Failed;
                // What was acknowledged until now may have gone with the file; what is acknowledged from here on may not.
                run.CountAcknowledged(trail.Forget());
                await Task.Delay(run.Moment(TimeSpan.FromSeconds(1)));
                run.Expect(await writer.FinishAsync() == 0, "The writer did not end in good order.");
                run.Expect(writer.Failed == failed, $"{writer.Failed - failed} records failed after it was noticed: {writer.LastFailure}");
            }

            await Writer.RestartAsync(trail);
            run.Check(trail);
            run.CountRound();
            var verification = await VerifyRun.RunAsync(trail.Home);
            // A copy of the same bytes is what was signed.
            var isCopy = Pulls[round % Pulls.Length] == Replace;
            run.Expect(isCopy || verification.ExitCode == 1, $"verify of {trail.Home} did not find what was pulled away: {verification.ExitCode} {verification.Text}");
        }

        run.Note($"noticed within {_longest.TotalMilliseconds:0} ms at most");
    }

    private static async Task SealedAsync(TrailUnderTest trail)
    {
        while (!Directory.EnumerateFiles(trail.Home, "*.tree", SearchOption.AllDirectories).Any(tree => tree.Contains("/ann/", StringComparison.Ordinal) && File.ReadAllText(tree).Contains("sealed", StringComparison.Ordinal)))
            await Task.Delay(10);
    }

    // The next part is there.
    private async Task NoticeAsync(FaultRun run, string file)
    {
        var next = file.Replace(".jsonl", ".2.jsonl", StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(next) && Stopwatch.GetElapsedTime(started) < 10 * Noticed)
            await Task.Delay(1);
        var elapsed = Stopwatch.GetElapsedTime(started);
        _longest = elapsed > _longest ? elapsed : _longest;
        run.Expect(File.Exists(next), $"Nobody noticed that {file} was pulled away.");
        run.ExpectWithin(elapsed, Noticed, $"to notice that {file} was pulled away");
    }

    private static void Replace(string file)
    {
        File.Copy(file, file + ".new");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static void Delete(string file) => File.Delete(file);

    private static void DeleteFolder(string file) => Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(file))!, recursive: true);

    private static void Cut(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(handle, 0);
    }
}
