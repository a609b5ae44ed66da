using ToolTrail.Torture.Disks;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>The power of the disk that holds the home is cut, with two writers and all that they do beside writing on their way.</summary>
internal sealed class PowerCut : IFault
{
    private const int RoundsOfADisk = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.5);
    private readonly string _fileSystem;

    /// <param name="fileSystem"><c>ext4</c> or <c>xfs</c>.</param>
    public PowerCut(string fileSystem)
    {
        _fileSystem = fileSystem;
    }

    public string Key => $"power-{_fileSystem}";

    public string Title => $"power cut, {_fileSystem}";

    public int Rounds => 50;

    public TimeSpan FullRun => TimeSpan.FromMinutes(5);

    public async Task RunAsync(FaultRun run)
    {
        for (var left = run.Of(Rounds); left > 0; left -= RoundsOfADisk)
        {
            await using var disk = await LoopDisk.CreateAsync(run.Folder, _fileSystem);
            var trail = run.NewTrail(disk.Path);
            for (var round = Math.Min(left, RoundsOfADisk); round > 0; round--)
            {
                await using (var first = Writer.Start(trail, new WriterLoad()))
                await using (var second = Writer.Start(trail, new WriterLoad { InFlight = 4 }))
                {
                    await first.FirstAnswer;
                    await Task.Delay(run.Moment(Longest));
                    // Seen with strace on ext4 and xfs: a sync that is under way at the cut returns 0 all the same.
                    trail.Die();
                    await disk.CutPowerAsync();
                    await first.KillAsync();
                    await second.KillAsync();
                }

                await disk.RestartAsync();
                trail.Revive();
                await Writer.RestartAsync(trail);
                await run.EndRoundAsync(trail);
            }
        }
    }
}
