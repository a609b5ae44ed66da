using ToolTrail.Torture.Disks;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>The file system turns read-only under its writer, as ext4 makes itself after an error: from 1 s later on nothing is acknowledged any more.</summary>
internal sealed class ReadOnlyRemount : IFault
{
    public string Key => "readonly";

    public string Title => "read-only remount";

    public int Rounds => 20;

    public TimeSpan FullRun => TimeSpan.FromMinutes(2);

    public async Task RunAsync(FaultRun run)
    {
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            await using var disk = await LoopDisk.CreateAsync(run.Folder, "ext4");
            var trail = run.NewTrail(disk.Path);
            await using (var writer = Writer.Start(trail, new WriterLoad { TrustsFlush = false }))
            {
                await writer.FirstAnswer;
                await Task.Delay(run.Moment(TimeSpan.FromSeconds(1.5)));
                // ext4 answers 0 to an fdatasync whose commit it aborts (seen with a bare loop of write and fdatasync: the last one of 10 of 40 runs was gone).
                // What is answered from here on counts for nothing.
                trail.Die();
                await disk.AbortAsync();
                await Task.Delay(TimeSpan.FromSeconds(1));
                var (acknowledged, failed) = (writer.Acknowledged, writer.Failed);
                await Task.Delay(TimeSpan.FromMilliseconds(500));
                run.Expect(writer.Acknowledged == acknowledged, "Records are acknowledged on a read-only file system.");
                run.Expect(writer.Failed > failed, "Callers are not told that their records are not written.");
                run.Expect((await writer.AskAsync("health")).StartsWith("health True", StringComparison.Ordinal), "Health is not degraded.");
                await writer.FinishAsync();
            }

            await disk.RestartAsync();
            trail.Revive();
            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }
    }
}
