using System.CommandLine;
using ToolTrail.Cli.Output;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail recent</c>: the last calls, newest first.</summary>
internal static class RecentCommand
{
    private const int DefaultLimit = 200;
    private const int DefaultLimitOfAll = 500;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("recent", "Shows the last calls, newest first: one row a call, or with --json the stored lines.")
        {
            Examples =
            [
                new("tooltrail recent", "the last calls of all users"),
                new("tooltrail recent --user ann --status error", "what failed for ann"),
                new("tooltrail recent --tool 'write_*' --days 30", "a month of writing tools"),
                new("tooltrail recent --json | jq .args", "for programs: the stored lines"),
            ],
        };
        var selection = new SelectionOptions(command);
        var limit = NumberOption.Create("--limit", "-n", $"Most calls to show. Default: {DefaultLimit}, without a user {DefaultLimitOfAll}", 1);
        var json = JsonOption.Lines();
        command.Options.Add(limit);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed, selection.Read(parsed), parsed.GetResult(limit) is null ? null : parsed.GetValue(limit), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Selection selection, int? limit, bool json, CancellationToken cancellationToken)
    {
        var home = parsed.OpenHomeForReading();
        var printer = new RecordPrinter(Screen.Standard(), home, json);
        selection = printer.Refine(selection);
        limit ??= selection.User is null ? DefaultLimitOfAll : DefaultLimit;
        await foreach (var page in selection.ReadAsync(new TrailReader(home), limit.Value, cancellationToken))
            printer.Write(page.Records, page.Skipped);
        printer.Finish(selection);
        return ExitCode.Done;
    }
}
