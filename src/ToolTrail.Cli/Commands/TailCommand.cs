using System.CommandLine;
using ToolTrail.Cli.Output;
using ToolTrail.Reading;
using ToolTrail.Records;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail tail</c>: the last calls, oldest first, and those that follow.</summary>
internal static class TailCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("tail", "Shows the last calls, oldest first; with -f, goes on with each call as it is recorded.")
        {
            Examples =
            [
                new("tooltrail tail -f", "watch all calls as they end"),
                new("tooltrail tail -n 50 --user ann", "ann's last 50 calls"),
                new("tooltrail tail -n 0 -f --json | my-alarm", "feed a program from now on"),
            ],
        };
        var selection = new SelectionOptions(command);
        var count = NumberOption.Create("--number", "-n", "Most calls to begin with", 0);
        count.DefaultValueFactory = _ => 20;
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with each call as it is recorded, until interrupted" };
        var json = JsonOption.Lines();
        command.Options.Add(count);
        command.Options.Add(follow);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed, selection.Read(parsed), parsed.GetValue(count), parsed.GetValue(follow), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Selection selection, int count, bool follow, bool json, CancellationToken cancellationToken)
    {
        var home = parsed.OpenHomeForReading();
        var reader = new TrailReader(home);
        var printer = new RecordPrinter(Screen.Standard(), home, json);
        selection = printer.Refine(selection);

        // Taken before the last ones are read: what comes in between is followed, and left out of them.
        var end = follow ? await reader.ReadEndAsync(selection.User, cancellationToken) : null;
        await WriteLastAsync(reader, printer, selection, count, end, cancellationToken);
        if (end is null)
            printer.Finish(selection);
        else
            await FollowAsync(reader, printer, selection, end, json, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task WriteLastAsync(
        TrailReader reader, RecordPrinter printer, Selection selection, int count, FollowPosition? end, CancellationToken cancellationToken)
    {
        if (count == 0)
            return;
        var last = new List<StoredRecord>();
        var skipped = 0L;
        await foreach (var page in selection.ReadAsync(reader, count, cancellationToken))
        {
            last.AddRange(page.Records.Where(record => end?.IsBehind(record.Position) ?? true));
            skipped += page.Skipped;
        }

        last.Reverse();
        printer.Write(last, skipped);
        printer.Flush();
    }

    private static async Task FollowAsync(
        TrailReader reader, RecordPrinter printer, Selection selection, FollowPosition from, bool json, CancellationToken cancellationToken)
    {
        printer.SayIfNothing(selection);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = OutputReader.CancelWhenGoneAsync(following, TimeProvider.System);
        try
        {
            await foreach (var followed in reader.FollowAsync(selection.User, from, selection.Filter, cancellationToken: following.Token))
            {
                // People see one row a call: the one with its outcome.
                if (!json && selection.Filter.Status is null && followed.Record.Decode(TimeZoneInfo.Utc).Status == ToolCallStatus.Started)
                    continue;
                printer.Write([followed.Record]);
                printer.Flush();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever read the output has had enough: a quiet end.
        }
    }
}
