using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Faults;

/// <summary>A home is copied under load, by cp and by rsync run twice, and each copy is opened as after a disaster.</summary>
internal sealed class LiveCopy : IFault
{
    public string Key => "copy";

    public string Title => "copied under load, cp and rsync";

    public int Rounds => 40;

    public TimeSpan FullRun => TimeSpan.FromMinutes(5);

    public async Task RunAsync(FaultRun run)
    {
        var behind = 0;
        for (var round = 0; round < run.Of(Rounds); round++)
        {
            var trail = run.NewTrail();
            var copies = new[] { run.NewTrail(), run.NewTrail() };
            await using (var writer = Writer.Start(trail, new WriterLoad()))
            {
                await writer.FirstAnswer;
                await Task.Delay(run.Moment(TimeSpan.FromSeconds(2)));
                copies[0].AcknowledgeAll(trail);
                var first = await Command.TryAsync("cp", "-r", trail.Home, copies[0].Home);
                // What is being written under another name is gone when cp comes to it: it is none of the trail's.
                var errors = first.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                run.Expect(first.ExitCode == 0 || errors.All(error => error.Contains(".new'", StringComparison.Ordinal)), $"cp ended with {first.ExitCode}: {first.Errors}");
                await Command.RunAsync("rsync", "-a", trail.Home + "/", copies[1].Home);
                copies[1].AcknowledgeAll(trail);
                // A file that vanishes meanwhile (24) is none of the trail's.
                var second = await Command.TryAsync("rsync", "-a", trail.Home + "/", copies[1].Home);
                run.Expect(second.ExitCode is 0 or 24, $"rsync ended with {second.ExitCode}: {second.Errors}");
                run.Expect(await writer.FinishAsync() == 0, "The writer did not end in good order.");
                run.Expect(writer.Failed == 0, $"{writer.Failed} records failed while the home was copied: {writer.LastFailure}");
            }

            foreach (var copy in copies)
            {
                behind += (await run.VerifyAsync(copy.Home, SaysWhatIsBehind)).Passes ? 0 : 1;
                await Writer.RestartAsync(copy);
                run.Check(copy);
            }

            await run.EndRoundAsync(trail);
            foreach (var home in copies.Append(trail))
                Directory.Delete(home.Home, recursive: true);
        }

        run.Note($"verify said of {behind} of {2 * run.Of(Rounds)} copies what they are behind");
    }

    private static bool SaysWhatIsBehind(VerifyRun found) => found.Text.Contains("behind", StringComparison.OrdinalIgnoreCase);
}
