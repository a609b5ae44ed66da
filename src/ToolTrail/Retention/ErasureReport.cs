using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>What was erased.</summary>
/// <param name="Lines">Lines.</param>
/// <param name="Parts">The parts that they stood in, which are closed now.</param>
/// <param name="TooShort">Lines that are no records and too short to hold what has to stay of them: they stand as they were.</param>
public sealed record ErasureReport(long Lines, IReadOnlyList<PartName> Parts, long TooShort);
