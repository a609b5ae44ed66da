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
        var command = new TrailCommand("record", "Stores records from standard input, durably: one JSON object a line, or an array. Exits with 3 if any was refused, with 4 if writing failed.")
        {
            Examples =
            [
                new("""echo '{"user":"ann","tool":"deploy","status":"ok"}' | tooltrail record""", "one record from a script"),
                new("tooltrail record < calls.ndjson", "a file of records"),
                new("producer | tooltrail record --ack", "learn which lines are on disk"),
            ],
        };
        var ack = new Option<bool>("--ack") { Description = "Print the number of each input line, one a line, once its record is on disk, or left out by its level (none)" };
        command.Options.Add(ack);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.OpenHome(), parsed.GetValue(ack), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, bool ack, CancellationToken cancellationToken)
    {
        using var configuration = TrailConfiguration.Load(home);
        var recorder = ToolCallRecorder.Open(home, configuration);
        int exitCode;
        await using (recorder)
            exitCode = await StoreAsync(recorder, ack, cancellationToken);
        // Known once its end has sealed what it could.
        if (recorder.Health.SealingProblem is { } problem)
            Console.Error.WriteLine(SafeText.Escape($"What was stored is on disk and not sealed yet: {problem}. The next process on this home seals it."));
        return exitCode;
    }

    private static async Task<int> StoreAsync(ToolCallRecorder recorder, bool ack, CancellationToken cancellationToken)
    {
        // Unbuffered: a number that was printed has left this process.
        using var output = Console.OpenStandardOutput();
        long stored = 0, leftOut = 0, refused = 0;
        var options = new IngestOptions
        {
            DefaultSource = "record",
            Stored = line =>
            {
                stored++;
                Acknowledge(line);
            },
            LeftOut = line =>
            {
                leftOut++;
                Acknowledge(line);
            },
            Refused = refusal =>
            {
                refused++;
                Console.Error.WriteLine(SafeText.Escape($"line {refusal.Line}: {refusal.Error}"));
            },
        };
        try
        {
            return ExitCodeOf(await RecordIngest.IngestAsync(OpenInput(), recorder, options, cancellationToken));
        }
        finally
        {
            // Also when interrupted: what was stored stays.
            var rest = leftOut > 0 ? $", left out {leftOut} (level none)" : "";
            output.Write(Encoding.ASCII.GetBytes($"stored {stored}, refused {refused}{rest}\n"));
        }

        void Acknowledge(long line)
        {
            if (ack)
                output.Write(Encoding.ASCII.GetBytes($"{line}\n"));
        }
    }

    private static int ExitCodeOf(IngestSummary summary) => summary switch
    {
        { Failed: > 0 } => ExitCode.WriteFailed,
        { Refused: > 0 } => ExitCode.Refused,
        _ => ExitCode.Done,
    };

    // A read of standard input cannot be cancelled: a task of its own waits in it, and an interrupted command leaves it there.
    private static PipeReader OpenInput()
    {
        var pipe = new Pipe();
        _ = Task.Run(async () =>
        {
            try
            {
                await Console.OpenStandardInput().CopyToAsync(pipe.Writer);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception e)
            {
                // Thrown again where the pipe is read.
                await pipe.Writer.CompleteAsync(e);
            }
        });
        return pipe.Reader;
    }
}
