using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Otlp;

/// <summary><c>POST /v1/traces</c>: the spans of tools that ran (OTLP over HTTP, protobuf and JSON).</summary>
internal static class TracesEndpoint
{
    // SDKs send 512 at once, collectors 8,192.
    private const int MostSpans = 50_000;

    // What is too long is read on for so long, and forgotten: an exporter that still sends when it is answered sees a broken connection, and sends it all again.
    private const int MostSentBytes = 8 * OtlpIntake.MostBytes;

    public static void MapTraces(this IEndpointRouteBuilder otlp) => otlp.MapPost("/traces", PostAsync)
        .RequireRole(Role.Admin, Role.Producer)
        .WithName("traces")
        .WithSummary("Takes spans by OTLP; those of tools that ran become records.")
        .WithDescription(
            "Answers once they are on disk. The user is the one that the key writes for, else the span's or resource's user.id or enduser.id; a span without is told in partial_success. "
            + "Other spans are accepted and not kept. A span sent again is not stored again.")
        .Accepts<object>("application/x-protobuf", "application/json")
        .WithMetadata(new RequestSizeLimit())
        .Produces(StatusCodes.Status200OK, contentType: "application/x-protobuf")
        .ProducesStatus(StatusCodes.Status400BadRequest)
        .ProducesStatus(StatusCodes.Status413PayloadTooLarge)
        .ProducesStatus(StatusCodes.Status415UnsupportedMediaType)
        .ProducesStatus(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PostAsync(
        HttpContext context, ToolCallRecorder recorder, OtlpIntake intake, ILoggerFactory loggerFactory)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (OtlpFormat.Of(context.Request.ContentType) is not { } format || encoding is not ("" or "identity" or "gzip"))
            return Problems.Create(StatusCodes.Status415UnsupportedMediaType, null);
        var caller = Caller.Of(context)!;
        var export = new SpanExport(recorder, caller);
        using var body = new OtlpBody(intake);
        try
        {
            await body.ReadAsync(context.Request, encoding == "gzip", context.RequestAborted);
            // Read twice, so that of a request that is no good nothing is stored, and no more than one span is in memory beside it.
            var spans = 0;
            format.Read(body.Bytes, _ => spans++);
            if (spans > MostSpans)
                return Problems.Create(StatusCodes.Status413PayloadTooLarge, $"A request is at most {MostSpans} spans: send fewer at once.");
            format.Read(body.Bytes, export.Store);
            await export.FinishAsync();
        }
        catch (OtlpException e)
        {
            return Problems.Create(e.Status, e.Message);
        }
        catch (InvalidDataException)
        {
            return Problems.BadRequest("The body is not compressed by gzip, as its Content-Encoding says.");
        }
        catch (TrailWriteException)
        {
            // Exporters send it again then, and what is stored stays stored once.
            return Problems.Unavailable("Spans could not be written. Send them again later.");
        }

        if (export.Foreign > 0)
            loggerFactory.CreateLogger(typeof(TracesEndpoint)).LogWriteRefused(export.Foreign, caller.Label);
        return TypedResults.Bytes(format.Answer(export.Rejected, export.ErrorMessage), format.ContentType);
    }

    private sealed class RequestSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MostSentBytes;
    }
}
