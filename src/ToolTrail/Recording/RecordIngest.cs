using System.IO.Pipelines;

namespace ToolTrail.Recording;

/// <summary>Takes records from outside, as one JSON value, an array or NDJSON of any length, with bounded memory.</summary>
public static class RecordIngest
{
    /// <summary>Stores every record of the input, durably.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="recorder">Where to.</param>
    /// <param name="options">Who may write for whom, and who is told what.</param>
    /// <param name="cancellationToken">Ends reading; what was acknowledged stays.</param>
    /// <returns>Once every stored record is on disk.</returns>
    public static Task<IngestSummary> IngestAsync(
        PipeReader input, ToolCallRecorder recorder, IngestOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
