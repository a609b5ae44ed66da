using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("doctor", "Says what is set up, what is not, and what to do.")
        {
            Examples = [new("tooltrail doctor", "check the home")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
