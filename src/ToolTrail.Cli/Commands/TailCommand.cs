using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail tail</c>.</summary>
internal static class TailCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("tail", "Shows the last calls, oldest first, and follows what comes.")
        {
            Examples = [new("tooltrail tail -f", "watch the calls as they are made")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
