using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>Four processes write to the same files, and two of them are killed at random moments while the others go on.</summary>
internal sealed class ManyWriters : IFault
{
    private const int RoundsOfATrail = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public string Key => "writers";

    public string Title => "four writers, two killed";

    public int Rounds => 200;

    public TimeSpan FullRun => TimeSpan.FromMinutes(18);

    public async Task RunAsync(FaultRun run)
    {
        var trail = run.NewTrail();
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            if (round % RoundsOfATrail == 0)
                trail = run.NewTrail();
            var writers = Enumerable.Range(0, 4).Select(_ => Writer.Start(trail, new WriterLoad())).ToList();
            try
            {
                await Task.WhenAll(writers.Select(writer => writer.FirstAnswer));
                foreach (var writer in writers[..2])
                {
                    await Task.Delay(run.Moment(Longest / 2));
                    await writer.KillAsync();
                }

                await Task.Delay(run.Moment(Longest / 2));
                foreach (var writer in writers[2..])
                {
                    run.Expect(await writer.FinishAsync() == 0, "A writer that was not killed did not end in good order.");
                    run.Expect(writer.Failed == 0, $"{writer.Failed} records of a writer that was not killed failed: {writer.LastFailure}");
                }
            }
            finally
            {
                foreach (var writer in writers)
                    await writer.DisposeAsync();
            }

            await Writer.RestartAsync(trail);
            await run.EndRoundAsync(trail);
        }
    }
}
