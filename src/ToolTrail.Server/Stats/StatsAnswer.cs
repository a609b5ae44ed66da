using ToolTrail.Reading;

namespace ToolTrail.Server.Stats;

/// <summary>Counts of calls over a span of days.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Calls">All calls; one that has begun and ended counts once.</param>
/// <param name="ByStatus">Calls by status, in the order of its name.</param>
/// <param name="ByTool">Calls and durations by tool, most called first.</param>
/// <param name="ByUser">Calls and durations by user, most calls first; absent when one user was named.</param>
/// <param name="Skipped">Lines that are no records.</param>
internal sealed record StatsAnswer(
    DateOnly From,
    DateOnly To,
    long Calls,
    IReadOnlyDictionary<string, long> ByStatus,
    IReadOnlyList<CallGroupAnswer> ByTool,
    IReadOnlyList<CallGroupAnswer>? ByUser,
    long Skipped);

/// <summary>The calls that share a tool or a user.</summary>
/// <param name="Name">The tool or user.</param>
/// <param name="Calls">How many.</param>
/// <param name="ByStatus">By status.</param>
/// <param name="DurationMs">Milliseconds, of those that have them; absent when none has.</param>
internal sealed record CallGroupAnswer(string Name, long Calls, IReadOnlyDictionary<string, long> ByStatus, DurationSummary? DurationMs);
