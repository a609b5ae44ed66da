using ToolTrail.Torture.Disks;
using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>
/// A writer's nth sync fails (strace makes it fail in each of its threads, and nothing is synced then). Every caller who is told of it tries again with
/// the same id. Then the power is cut: what was acknowledged has to be on disk, and to be there once.
/// </summary>
internal sealed class FailedSync : IFault
{
    private const int RecordsAfter = 20;
    private static readonly string[] Users = ["ann", "bob"];
    private int _degraded;
    private int _failures;

    public string Key => "sync";

    public string Title => "nth sync fails, n = 1 to 30";

    public int Rounds => 30;

    public TimeSpan FullRun => TimeSpan.FromMinutes(4);

    public async Task RunAsync(FaultRun run)
    {
        await using var disk = await LoopDisk.CreateAsync(run.Folder, "ext4");
        var rounds = run.Of(Rounds);
        for (var round = 0; round < rounds; round++)
        {
            var n = 1 + round * Rounds / rounds;
            var trail = run.NewTrail(disk.Path);
            await Writer.RestartAsync(trail);
            await FailAsync(run, disk, trail, n);
            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }

        run.Expect(_failures > 0, "No sync failed: the fault is none.");
        // The half-second's look may bring recording back before the question is asked.
        run.Expect(_degraded * 10 >= _failures * 8, $"Health was degraded only after {_degraded} of {_failures} failures.");
        run.Note($"{_failures} callers were told of a failure; health was degraded after {_degraded} of them");
    }

    private async Task FailAsync(FaultRun run, LoopDisk disk, TrailUnderTest trail, int n)
    {
        long queued;
        await using (var asker = Asker.Start(trail, Strace.FailingSync(n)))
        {
            try
            {
                await RecordAsync(run, trail, asker, n);
            }
            catch (InvalidOperationException e) when (e.Message.Contains("driver ended", StringComparison.Ordinal))
            {
                // A sync that opening needs: it does not start, and says why.
                run.Expect(e.Message.Contains("sync", StringComparison.OrdinalIgnoreCase), $"With sync {n} failing the driver ended without saying why: {e.Message}");
                run.Expect(asker.Queued == 0, $"With sync {n} failing the driver ended in the middle: {e.Message}");
                return;
            }

            queued = asker.Queued;
            trail.Die();
            await disk.CutPowerAsync();
            asker.Kill();
        }

        await disk.RestartAsync();
        trail.Revive();
        var count = new BackgroundCount(trail.Home);
        // What was told as lost may have come to the disk all the same: a file system writes back by itself every few seconds.
        run.Expect(count.Stored <= queued && count.Stored + count.Told >= queued, $"With sync {n} failing: {queued} Background records, {count.Stored} are on disk, and gap records tell of {count.Told}.");
    }

    private async Task RecordAsync(FaultRun run, TrailUnderTest trail, Asker asker, int n)
    {
        var ended = new HashSet<string>();
        var failed = false;
        for (var left = RecordsAfter + 2 * n + 20; left > 0; left--)
        {
            var user = Users[left % 2];
            await asker.QueueAsync(user);
            for (var id = asker.NewId(); !await asker.RecordAsync(id, user);)
            {
                failed = true;
                Interlocked.Increment(ref _failures);
                if ((await asker.HealthAsync()).Degraded)
                    Interlocked.Increment(ref _degraded);
                if (asker.LastFailure.Contains(".jsonl'", StringComparison.Ordinal))
                    ended.Add(user);
            }
        }

        run.Expect(await asker.RecoversAsync(), "Recording did not recover within 10 s.");
        // One more may fail: then the Background records before it are told as lost.
        run.Expect(await asker.FlushAsync() || await asker.FlushAsync(), "Two flushes failed.");
        run.Expect(await asker.RecoversAsync(), "Recording did not recover within 10 s.");
        foreach (var user in ended)
            run.Expect(TrailCheck.DayFiles(trail.Home).Any(path => path.Contains($"/{user}/", StringComparison.Ordinal) && path.EndsWith(".2.jsonl", StringComparison.Ordinal)), $"With sync {n} failing no next part began for {user}.");
        run.Expect(!failed || TrailCheck.Lines(trail.Home, _ => { }).Any(line => line.Status is "recovered" or "lost"), $"With sync {n} failing the trail tells nothing of it.");
    }
}
