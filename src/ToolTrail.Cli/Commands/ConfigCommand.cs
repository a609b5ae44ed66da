using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail config</c>.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("config", "Shows and checks the configuration.")
        {
            Examples = [new("tooltrail config show", "each value and where it comes from")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
