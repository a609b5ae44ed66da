using System.Globalization;
using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>Every sync takes its time (strace delays it), and the queue has room for 1 MiB: Background callers may wait 100 ms, not longer.</summary>
internal sealed class SlowDisk : IFault
{
    // 100 ms, and what a machine of two cores adds, with strace and the bench on it.
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(250);
    private const int MostMiB = 200;
    private readonly TimeSpan _sync;

    /// <param name="sync">How long each sync takes.</param>
    public SlowDisk(TimeSpan sync)
    {
        _sync = sync;
    }

    public string Key => "slow";

    public string Title => $"every sync takes {_sync.TotalSeconds:0.#} s";

    public int Rounds => 10;

    public TimeSpan FullRun => TimeSpan.FromMinutes(12);

    public async Task RunAsync(FaultRun run)
    {
        var (longest, most, lost) = (0, 0, 0L);
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            var trail = run.NewTrail();
            await Writer.RestartAsync(trail);
            await File.WriteAllTextAsync(Path.Combine(trail.Home, ".tooltrail", "config.json"), """{ "delivery": { "queueBytes": 1048576 } }""");
            await using (var writer = Writer.Start(trail, new WriterLoad { InFlight = 300, BackgroundOf = 1, TrustsFlush = false, Flushes = false }, Strace.SlowSyncs(_sync)))
            {
                await writer.FirstAnswer;
                // The first calls of a process take longer, but they too wait for no sync.
                await Task.Delay(_sync / 2);
                var first = Number((await writer.AskAsync("waited")).Split(' ')[1]);
                run.ExpectWithin(TimeSpan.FromMilliseconds(first), _sync, "a Background caller's first call");
                await Task.Delay(5 * _sync);
                await writer.QuietAsync();
                var waited = (await writer.AskAsync("waited")).Split(' ');
                longest = Math.Max(longest, Number(waited[1]));
                most = Math.Max(most, Number(waited[2]));
                // Gives the gaps time to be written down: two syncs and a look.
                await Task.Delay(4 * _sync);
                lost += await CountAsync(run, trail, writer);
            }

            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }

        run.Expect(lost > 0, "Nothing was lost: the queue was never full, and the fault is none.");
        run.ExpectWithin(TimeSpan.FromMilliseconds(longest), Promised, "a Background caller's call");
        run.Expect(most <= MostMiB, $"The process took {most} MiB.");
        run.Note($"longest wait of a Background caller {longest} ms; {lost:N0} counted as lost; {most} MiB at most");
    }

    private static async Task<long> CountAsync(FaultRun run, TrailUnderTest trail, Writer writer)
    {
        var lost = long.Parse((await writer.AskAsync("health")).Split(' ')[2], CultureInfo.InvariantCulture);
        run.Expect(await writer.FinishAsync() == 0, "The writer did not end in good order.");
        var count = new BackgroundCount(trail.Home);
        run.Expect(
            count.Stored + lost == writer.Queued && count.Told == lost,
            $"{writer.Queued} Background records: {count.Stored} are stored, {lost} were counted as lost, gap records tell of {count.Told}.");
        run.CountAcknowledged(count.Stored);
        return lost;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
