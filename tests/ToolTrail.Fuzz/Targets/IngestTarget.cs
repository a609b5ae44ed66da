using System.IO.Pipelines;
using ToolTrail.Recording;

namespace ToolTrail.Fuzz.Targets;

/// <summary>An input as what a client sends to be recorded: at once, and in pieces that end anywhere. The answers are the same.</summary>
internal sealed class IngestTarget : IFuzzTarget
{
    private readonly ScratchRecorder _recorder = new();

    public void Run(byte[] input)
    {
        var recorder = _recorder.Take();
        var whole = Ingest(recorder, new MemoryStream(input));
        var pieces = Ingest(recorder, new PiecesStream(input));
        BrokenPropertyException.Unless(
            whole.SequenceEqual(pieces), $"The answers depend on how the input arrives:\n{string.Join("; ", whole)}\n{string.Join("; ", pieces)}");
        BrokenPropertyException.Unless(recorder.Health.Lost == 0, $"Records were lost: {recorder.Health.Cause}");
    }

    public void Dispose() => _recorder.Dispose();

    private static List<string> Ingest(ToolCallRecorder recorder, Stream input)
    {
        var (answers, last, told) = (new List<string>(), 0L, 0L);
        void Told(long line, string answer)
        {
            BrokenPropertyException.Unless(line > last, $"Line {line} was told after line {last}.");
            answers.Add($"{last = line} {answer}");
            told++;
        }

        var options = new IngestOptions { Stored = line => Told(line, "stored"), Refused = refusal => Told(refusal.Line, refusal.Error) };
        var summary = RecordIngest.IngestAsync(PipeReader.Create(input), recorder, options).GetAwaiter().GetResult();
        BrokenPropertyException.Unless(summary.Failed == 0, $"{summary.Failed} records could not be written.");
        BrokenPropertyException.Unless(summary.Stored + summary.Refused == told, $"{summary.Stored} stored and {summary.Refused} refused, and {told} were told.");
        return answers;
    }
}
