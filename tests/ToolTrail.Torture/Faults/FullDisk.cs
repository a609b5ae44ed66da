using ToolTrail.Torture.Disks;
using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>A small disk is filled under two writers, and freed again.</summary>
internal sealed class FullDisk : IFault
{
    public string Key => "full";

    public string Title => "disk full, then freed";

    public int Rounds => 30;

    public TimeSpan FullRun => TimeSpan.FromMinutes(4);

    public async Task RunAsync(FaultRun run)
    {
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            await using var disk = await SmallDisk.CreateAsync(run.Folder);
            var trail = run.NewTrail(disk.Path);
            await Writer.RestartAsync(trail);
            await using (var writer = Writer.Start(trail, new WriterLoad { TrustsFlush = false }))
            await using (var asker = Asker.Start(trail))
            {
                disk.Fill(free: run.Random.Next(512 << 10));
                await StarveAsync(run, asker);
                disk.Free();
                run.Expect(await asker.RecoversAsync(), $"Recording did not go on by itself within 10 s after space had returned: {asker.LastFailure}");
                run.Expect(await asker.RecordAsync(asker.NewId()), $"No record could be written after space had returned: {asker.LastFailure}");
                run.Expect(await writer.FinishAsync() == 0, "The writer did not end in good order.");
                await EndAsync(run, trail, asker, writer);
            }

            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }
    }

    // Until records have failed for a while.
    private static async Task StarveAsync(FaultRun run, Asker asker)
    {
        var (failures, degraded) = (0, 0);
        for (var i = 0; failures < 20; i++)
        {
            await asker.QueueAsync();
            if (await asker.RecordAsync(asker.NewId()))
            {
                run.Expect(i < 20_000, "The disk is full, and records are acknowledged all the same.");
                continue;
            }

            failures++;
            degraded += (await asker.HealthAsync()).Degraded ? 1 : 0;
        }

        // A few bytes may be free again, what others had begun to write being taken back: then recording goes on before the question is asked.
        run.Expect(degraded * 10 >= failures * 8, $"Health was degraded only after {degraded} of {failures} failures: {asker.LastFailure}");
    }

    // Each Background record is stored or told as lost, to the last.
    private static async Task EndAsync(FaultRun run, TrailUnderTest trail, Asker asker, Writer writer)
    {
        run.Expect(await asker.FlushAsync(), "The last flush failed.");
        var lost = (await asker.HealthAsync()).Lost;
        run.Expect((await asker.FinishAsync()).ExitCode == 0, "The driver did not end in good order.");
        var stored = new BackgroundCount(trail.Home);
        run.Expect(
            stored.Stored + stored.Told == asker.Queued + writer.Queued,
            $"{asker.Queued + writer.Queued} Background records: {stored.Stored} are stored, gap records tell of {stored.Told}, one process's health of {lost}.");
    }
}
