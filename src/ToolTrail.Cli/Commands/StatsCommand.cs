using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail stats</c>.</summary>
internal static class StatsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("stats", "Counts calls by tool, user and status.")
        {
            Examples = [new("tooltrail stats", "the last 7 days")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
