using System.CommandLine;
using System.IO.Pipelines;
using System.Text;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail record</c>: stores records from standard input.</summary>
internal static class RecordCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("record", """
            Stores records from standard input, durably: one JSON object a line, an array, or one object.
            A record needs "user", "tool" and "status"; docs/record-format.md has the rest.
            Prints "stored N, refused M" at the end, and each refusal with its line number on standard error.
            Exits with 3 if any was refused, with 4 if writing failed.
            """)
        {
            Examples =
            [
                new("""echo '{"user":"ann","tool":"deploy","status":"ok"}' | tooltrail record""", "one record from a script"),
                new("tooltrail record < calls.ndjson", "a file of records"),
                new("producer | tooltrail record --ack", "learn which lines are on disk"),
            ],
        };
        var ack = new Option<bool>("--ack") { Description = "Print the number of each input line, one a line, once its record is on disk" };
        command.Options.Add(ack);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.OpenHome(), parsed.GetValue(ack), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, bool ack, CancellationToken cancellationToken)
    {
        using var configuration = TrailConfiguration.Load(home);
        await using var recorder = ToolCallRecorder.Open(home, configuration);
        // Unbuffered: a number that was printed has left this process.
        using var output = Console.OpenStandardOutput();
        var options = new IngestOptions
        {
            DefaultSource = "record",
            Stored = ack ? line => output.Write(Encoding.ASCII.GetBytes($"{line}\n")) : null,
            Refused = refusal => Console.Error.WriteLine(SafeText.Escape($"line {refusal.Line}: {refusal.Error}")),
        };
        var input = PipeReader.Create(Console.OpenStandardInput());
        var summary = await RecordIngest.IngestAsync(input, recorder, options, cancellationToken);
        output.Write(Encoding.ASCII.GetBytes($"stored {summary.Stored}, refused {summary.Refused}\n"));
        return summary switch
        {
            { Failed: > 0 } => ExitCode.WriteFailed,
            { Refused: > 0 } => ExitCode.Refused,
            _ => ExitCode.Done,
        };
    }
}
