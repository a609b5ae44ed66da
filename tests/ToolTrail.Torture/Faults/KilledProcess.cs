using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>A writer is killed at a random moment, sometimes while it is still starting, and the next one goes on.</summary>
internal sealed class KilledProcess : IFault
{
    private const int RoundsOfATrail = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.5);

    public string Key => "kill";

    public string Title => "process killed";

    public int Rounds => 200;

    public TimeSpan FullRun => TimeSpan.FromMinutes(12);

    public async Task RunAsync(FaultRun run)
    {
        var trail = run.NewTrail();
        var unsealed = 0;
        var looks = 0;
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            if (round % RoundsOfATrail == 0)
                trail = run.NewTrail();
            await KillOneAsync(run, trail);
            if (round % 5 == 0)
            {
                // Before the restart its last second is not yet sealed: that is said, and no error.
                var verification = await run.VerifyAsync(trail.Home, found => found.Text.Contains(" yet\"", StringComparison.Ordinal));
                looks++;
                unsealed += verification.Text.Contains(" yet\"", StringComparison.Ordinal) ? 1 : 0;
            }

            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }

        run.Note($"before the restart verify spoke of lines not yet sealed in {unsealed} of {looks} looks");
    }

    private static async Task KillOneAsync(FaultRun run, TrailUnderTest trail)
    {
        await using var writer = Writer.Start(trail, new WriterLoad());
        // One in ten dies while it starts, and looks at what its predecessor left.
        if (run.Random.Next(10) > 0)
            await writer.FirstAnswer;
        await Task.Delay(run.Moment(Longest));
        await writer.KillAsync();
    }
}
