using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Reading;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Reads;

namespace ToolTrail.Server.Recent;

/// <summary><c>GET /recent</c>: the last records, newest first, page by page.</summary>
internal static class RecentEndpoint
{
    private const int DefaultLimit = 200;
    private const int DefaultLimitOfAll = 500;

    public static void MapRecent(this IEndpointRouteBuilder audit) => audit.MapGet("/recent", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("recent")
        .WithSummary("The last records, newest first.")
        .WithDescription("Records come as stored. Follow 'next' for older ones; cursors stay valid while files grow.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<RecentAnswer>, ProblemHttpResult>> GetAsync(
        HttpContext context, ReadGate gate, TrailReader reader,
        [Description("Whose records; absent: all that the key may read.")] string? user,
        [Description("Glob over the tool's name: * any run, ? one character.")] string? tool,
        [Description("The status: ok, error, denied, cancelled, timeout, started, lost, recovered.")] string? status,
        [Description("Glob over the agent's name.")] string? agent,
        [Description("Who told of the calls, exactly: mcp-proxy, claude-code, otlp, …")] string? source,
        [Description("The session, exactly.")] string? session,
        [FromQuery(Name = "call_id"), Description("The host's own id of the call, exactly.")] string? callId,
        [Description("The cursor that the page before gave as 'next'.")] string? cursor,
        [Description("Most records of a page, 1 to 10,000; default 200 with a user, 500 without.")] int? limit,
        [Description("Calendar days, today included.")] int days = ReadParameters.DefaultDays,
        [Description("One record a call: a started line is left out once the call has an outcome, and what several captures told of one call comes together: the first as its record, the rest in 'also'.")] bool calls = false)
    {
        if (ReadParameters.Check(days, limit ?? DefaultLimit) is { } bad)
            return bad;
        var scope = await gate.EnterAsync(context, user);
        if (scope.Refusal is not null)
            return scope.Refusal;

        // Forms send what was left empty.
        (tool, cursor) = (NullIfEmpty(tool), NullIfEmpty(cursor));
        var filter = scope.Filter with
        {
            Tool = tool,
            Status = NullIfEmpty(status) is { } name ? new ToolCallStatus(name) : null,
            Agent = NullIfEmpty(agent),
            Source = NullIfEmpty(source),
            Session = NullIfEmpty(session),
            CallId = NullIfEmpty(callId),
            OneRowPerCall = calls,
        };
        var page = scope.User is null
            ? await reader.ReadRecentAllUsersAsync(days, limit ?? DefaultLimitOfAll, filter, cursor, context.RequestAborted)
            : await reader.ReadRecentAsync(scope.User, days, limit ?? DefaultLimit, filter, cursor, context.RequestAborted);
        return TypedResults.Ok(new RecentAnswer(page.Records, page.Next, page.Skipped, calls ? Others(page.Records) : null));
    }

    private static Dictionary<int, IReadOnlyList<StoredRecord>> Others(IReadOnlyList<StoredRecord> records) =>
        records.Index().Where(record => record.Item.Others.Count > 0).ToDictionary(record => record.Index, record => record.Item.Others);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
