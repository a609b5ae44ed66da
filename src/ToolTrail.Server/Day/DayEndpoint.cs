using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ToolTrail.Reading;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Reads;

namespace ToolTrail.Server.Day;

/// <summary><c>GET /day</c>: a day in file order, streamed.</summary>
internal static class DayEndpoint
{
    private static readonly string[] Formats = [DayResult.Json, DayResult.Ndjson];

    public static void MapDay(this IEndpointRouteBuilder audit) => audit.MapGet("/day", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("day")
        .WithSummary("A user's day, in the order in which it was written.")
        .WithDescription("Streamed, as one JSON array or as NDJSON, by Accept. Records come as stored. A connection that ends early means that the day is not whole.")
        .Produces<IReadOnlyList<StoredRecord>>(StatusCodes.Status200OK, DayResult.Json, DayResult.Ndjson)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status406NotAcceptable);

    private static async Task<IResult> GetAsync(
        HttpContext context, ReadGate gate, TrailReader reader,
        [Description("The date, in the home's zone: 2026-11-23.")] string date,
        [Description("Whose day; may be absent when the key stands for one user.")] string? user)
    {
        if (!ReadParameters.TryReadDay(date, out var day))
            return Problems.BadRequest("'date' is a date like 2026-11-23.");
        if (Choose(context.Request.GetTypedHeaders().Accept) is not { } format)
            return Problems.Create(StatusCodes.Status406NotAcceptable, $"A day comes as {DayResult.Json} or {DayResult.Ndjson}.");
        var scope = await gate.EnterOneUserAsync(context, user);
        return scope.Refusal as IResult ?? new DayResult(reader.ReadDayAsync(scope.User!, day, scope.Filter, cancellationToken: context.RequestAborted), format);
    }

    // What is asked for most, JSON among equals; a type that is named says more than a range that holds it.
    private static string? Choose(IList<MediaTypeHeaderValue> accept) => accept.Count == 0
        ? DayResult.Json
        : Formats.Select(format => (format, quality: Quality(accept, new MediaTypeHeaderValue(format))))
            .Where(choice => choice.quality > 0)
            .OrderByDescending(choice => choice.quality)
            .Select(choice => choice.format)
            .FirstOrDefault();

    private static double Quality(IList<MediaTypeHeaderValue> accept, MediaTypeHeaderValue format) => accept
        .Where(range => format.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType)))
        .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
