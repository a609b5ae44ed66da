using System.CommandLine;
using ToolTrail.Cli.Integrity;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail head</c>: what somebody outside has to keep.</summary>
internal static class HeadCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("head", "Prints the head of the seal log. Whoever keeps it elsewhere can show later, by 'tooltrail verify --trusted-head', that nothing sealed until now was changed.")
        {
            Examples =
            [
                new("tooltrail head > march.head", "keep it in a file, and the file on another machine"),
                new("tooltrail head | mail -s 'trail head' auditor@example.com", "send it to somebody"),
            ],
        };
        command.SetAction((parsed, _) =>
        {
            if (parsed.OpenHomeForReading().OpenSealLog().ReadHead() is { } head)
            {
                Console.Out.Write(head.Note.ToString());
                return Task.FromResult(ExitCode.Done);
            }

            Console.Error.WriteLine("tooltrail: nothing of this trail is sealed yet, so there is no head.");
            return Task.FromResult(ExitCode.Failed);
        });
        return command;
    }
}
