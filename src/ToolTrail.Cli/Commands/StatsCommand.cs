using System.CommandLine;
using System.Globalization;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Records;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail stats</c>: counts by status, tool and user.</summary>
internal static class StatsCommand
{
    private static readonly string[] OwnColumns = [ToolCallStatus.Ok.Value, ToolCallStatus.Error.Value, ToolCallStatus.Denied.Value];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("stats", "Counts calls by status, tool and user, with durations in milliseconds. A call counts once.")
        {
            Examples =
            [
                new("tooltrail stats", "the last 7 days of all users"),
                new("tooltrail stats --user ann --days 1", "ann's today"),
                new("tooltrail stats --json", "one object, for programs"),
            ],
        };
        var user = new Option<string?>("--user", "-u") { Description = "Only this user's calls. Default: all users'", HelpName = "USER" };
        var days = NumberOption.Days();
        var json = JsonOption.Object();
        command.Options.Add(user);
        command.Options.Add(days);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.OpenHomeForReading(),
            new Selection(parsed.GetValue(user), parsed.GetValue(days), RecordFilter.All),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, Selection selection, bool json, CancellationToken cancellationToken)
    {
        var stats = await new TrailReader(home).ReadStatsAsync(selection.User, selection.Days, cancellationToken: cancellationToken);
        var screen = Screen.Standard();
        if (json)
            screen.WriteStored(StatsJson.Encode(stats, selection.User));
        else if (stats.Calls > 0)
            WriteTables(screen, stats, selection.User, home);
        else
            screen.WriteLine(selection.NothingFound(home));
        screen.Flush();
        if (json && stats.Calls == 0)
            Console.Error.WriteLine(selection.NothingFound(home));
        return ExitCode.Done;
    }

    private static void WriteTables(Screen screen, TrailStats stats, string? user, TrailHome home)
    {
        var span = string.Create(CultureInfo.InvariantCulture, $"{stats.Calls} {(stats.Calls == 1 ? "call" : "calls")}{(user is null ? "" : $" of {user}")} from {stats.From:yyyy-MM-dd} to {stats.To:yyyy-MM-dd} in {home.Path}");
        screen.WriteLine(SafeText.Escape(span));
        foreach (var (status, count) in stats.ByStatus.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            screen.WriteLine([Number(count).PadLeft(8), " ", StatusStyle.Cell(status)]);
        WriteGroups(screen, "TOOL", stats.ByTool);
        if (user is null)
            WriteGroups(screen, "USER", stats.ByUser);
        if (stats.Skipped > 0)
            screen.WriteLine(SkippedLines.Describe(stats.Skipped));
    }

    private static void WriteGroups(Screen screen, string title, IReadOnlyList<CallGroup> groups)
    {
        screen.WriteLine("");
        var table = new TextTable(screen, title, ">CALLS", ">OK", ">ERROR", ">DENIED", ">OTHER", ">P50 MS", ">P95 MS", ">MAX MS");
        table.Write([.. groups.Select(Row)]);
    }

    private static Cell[] Row(CallGroup group) =>
    [
        SafeText.Escape(group.Name),
        Number(group.Calls),
        .. OwnColumns.Select(status => StatusStyle.Cell(status) with { Text = NumberOrNothing(group.ByStatus.GetValueOrDefault(status)) }),
        NumberOrNothing(group.ByStatus.Where(pair => !OwnColumns.Contains(pair.Key)).Sum(pair => pair.Value)),
        DurationText.Format(group.Duration?.P50),
        DurationText.Format(group.Duration?.P95),
        DurationText.Format(group.Duration?.Max),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string NumberOrNothing(long number) => number == 0 ? "" : Number(number);
}
