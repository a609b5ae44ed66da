namespace ToolTrail.Recording;

/// <summary>What became of an input.</summary>
/// <param name="Stored">Records on disk, those counted that were there before under the same id.</param>
/// <param name="Refused">Records that are not.</param>
/// <param name="Failed">How many of the refused were fine and could not be written.</param>
public sealed record IngestSummary(long Stored, long Refused, long Failed)
{
    /// <summary>Records of tools whose level is <see cref="Records.RecordLevel.None"/>: neither stored nor refused.</summary>
    public long LeftOut { get; init; }
}
