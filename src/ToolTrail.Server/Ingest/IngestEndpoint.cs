using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Ingest;

/// <summary><c>POST /records</c>: takes records and answers once they are on disk.</summary>
internal static class IngestEndpoint
{
    public static void MapIngest(this IEndpointRouteBuilder audit) => audit.MapPost("/records", PostAsync)
        .RequireRole(Role.Admin, Role.Producer)
        .WithName("ingest")
        .WithSummary("Stores records: one, an array, or NDJSON of any length.")
        .WithDescription(
            "Answers once every stored record is on disk. A record that is refused does not keep the others from being stored. "
            + "Sending an id again is acknowledged and stores nothing: repeat what got no answer.")
        .Accepts<StoredRecord>("application/json", "application/x-ndjson")
        // Any length, but not at any pace: Kestrel's least rate stays in force.
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<IngestAnswer>, ProblemHttpResult>> PostAsync(
        HttpContext context, ToolCallRecorder recorder, ILoggerFactory loggerFactory)
    {
        var caller = Caller.Of(context)!;
        if (context.Request.Headers.ContentEncoding.Count > 0)
            return Problems.Create(StatusCodes.Status415UnsupportedMediaType, "Send the records without Content-Encoding.");

        var refused = new RefusedRecords();
        var foreign = 0L;
        var options = new IngestOptions
        {
            DefaultSource = "http",
            MayWriteFor = user =>
            {
                var may = caller.MayWriteFor(user);
                foreign += may ? 0 : 1;
                return may;
            },
            Refused = refused.Add,
        };
        var summary = await RecordIngest.IngestAsync(context.Request.BodyReader, recorder, options, context.RequestAborted);
        if (foreign > 0)
            loggerFactory.CreateLogger(typeof(IngestEndpoint)).LogWriteRefused(foreign, caller.Label);
        return Answer(summary, foreign, new IngestAnswer(summary.Stored, refused.Listed, refused.NotListed, summary.LeftOut > 0 ? summary.LeftOut : null));
    }

    private static Results<Ok<IngestAnswer>, ProblemHttpResult> Answer(IngestSummary summary, long foreign, IngestAnswer answer)
    {
        if (summary.Failed > 0)
            return Problems.Unavailable($"{summary.Failed} records could not be written. Send them again later: what is stored stays stored once.", Members(answer));
        // All of it was for others: that is no partial success.
        return foreign > 0 && foreign == summary.Refused && summary.Stored + summary.LeftOut == 0
            ? Problems.Forbidden("The key may not write for the users of these records.", Members(answer))
            : TypedResults.Ok(answer);
    }

    private static Dictionary<string, object?> Members(IngestAnswer answer) => new()
    {
        ["stored"] = answer.Stored,
        ["refused"] = answer.Refused,
        ["refused_not_listed"] = answer.RefusedNotListed,
        ["left_out"] = answer.LeftOut,
    };
}
