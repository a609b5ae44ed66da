using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail recent</c>.</summary>
internal static class RecentCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("recent", "Shows the last calls, newest first.")
        {
            Examples = [new("tooltrail recent", "the last calls of all users")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
