using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Reading;
using ToolTrail.Server.Access;
using ToolTrail.Server.Reads;

namespace ToolTrail.Server.Stats;

/// <summary><c>GET /stats</c>: counts by tool and by status, and per user when none is named.</summary>
internal static class StatsEndpoint
{
    public static void MapStats(this IEndpointRouteBuilder audit) => audit.MapGet("/stats", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("stats")
        .WithSummary("Counts and durations by tool, by status and by user.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<StatsAnswer>, ProblemHttpResult>> GetAsync(
        HttpContext context, ReadGate gate, TrailReader reader,
        [Description("Whose calls; absent: all that the key may read.")] string? user,
        [Description("Calendar days, today included.")] int days = ReadParameters.DefaultDays)
    {
        if (ReadParameters.Check(days) is { } bad)
            return bad;
        var scope = await gate.EnterAsync(context, user);
        if (scope.Refusal is not null)
            return scope.Refusal;

        var stats = await reader.ReadStatsAsync(scope.User, days, scope.Filter, context.RequestAborted);
        return TypedResults.Ok(new StatsAnswer(
            stats.From, stats.To, stats.Calls, Sorted(stats.ByStatus), Answer(stats.ByTool), scope.User is null ? Answer(stats.ByUser) : null, stats.Skipped));
    }

    private static IReadOnlyList<CallGroupAnswer> Answer(IReadOnlyList<CallGroup> groups) =>
        [.. groups.Select(group => new CallGroupAnswer(group.Name, group.Calls, Sorted(group.ByStatus), group.Duration))];

    private static SortedDictionary<string, long> Sorted(IReadOnlyDictionary<string, long> counts) => new(counts.ToDictionary(), StringComparer.Ordinal);
}
