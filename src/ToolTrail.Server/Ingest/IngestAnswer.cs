namespace ToolTrail.Server.Ingest;

/// <summary>What became of the records that were sent.</summary>
/// <param name="Stored">Records on disk, those counted that were there before under the same id.</param>
/// <param name="Refused">Records that are not, at most 1,000 of them.</param>
/// <param name="RefusedNotListed">How many more were refused; absent when all are listed.</param>
/// <param name="LeftOut">Records that need not be kept: the level of their tool is none. Absent when there are none.</param>
internal sealed record IngestAnswer(long Stored, IReadOnlyList<RefusedRecord> Refused, long? RefusedNotListed, long? LeftOut);

/// <summary>A record that was not stored.</summary>
/// <param name="Line">Number of its line, or of its element in an array, from 1.</param>
/// <param name="Error">What is wrong with it and what to do.</param>
internal sealed record RefusedRecord(long Line, string Error);
