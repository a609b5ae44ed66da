using System.CommandLine;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail record</c>.</summary>
internal static class RecordCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("record", "Stores records from standard input, durably.")
        {
            Examples = [new("tooltrail record < calls.ndjson", "store a file of records")],
        };
        command.SetAction(int (_) => throw new NotImplementedException());
        return command;
    }
}
