namespace ToolTrail.Reading;

/// <summary>
/// Counts over a span of days. A call counts once, by its id: a <c>started</c> line only while it has no outcome. The recorder's own lines
/// (tools <c>tooltrail.*</c>) are no calls.
/// </summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Calls">All calls.</param>
/// <param name="ByStatus">Calls by status.</param>
/// <param name="ByTool">Calls and durations by tool, most called first.</param>
/// <param name="ByUser">Calls and durations by user, most calls first.</param>
/// <param name="Skipped">Lines that could not be read as records.</param>
public sealed record TrailStats(
    DateOnly From,
    DateOnly To,
    long Calls,
    IReadOnlyDictionary<string, long> ByStatus,
    IReadOnlyList<CallGroup> ByTool,
    IReadOnlyList<CallGroup> ByUser,
    long Skipped);

/// <summary>The calls that share a tool or a user.</summary>
/// <param name="Name">The tool or user.</param>
/// <param name="Calls">How many.</param>
/// <param name="ByStatus">By status.</param>
/// <param name="Duration">Of those that have one; <c>null</c> when none has.</param>
public sealed record CallGroup(string Name, long Calls, IReadOnlyDictionary<string, long> ByStatus, DurationSummary? Duration);

/// <summary>Durations in milliseconds: percentiles by nearest rank, and to within a thousandth of their value.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="Max">Longest, exactly.</param>
public sealed record DurationSummary(double P50, double P95, double Max);
