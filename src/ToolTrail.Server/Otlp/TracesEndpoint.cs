using System.IO.Compression;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Otlp.Wire;

namespace ToolTrail.Server.Otlp;

/// <summary><c>POST /v1/traces</c>: the spans of tools that ran (OTLP over HTTP, protobuf and JSON).</summary>
internal static class TracesEndpoint
{
    private const int MostSentBytes = 16 * 1024 * 1024;
    private const int MostBytes = 64 * 1024 * 1024;

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
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PostAsync(
        HttpContext context, ToolCallRecorder recorder, ILoggerFactory loggerFactory)
    {
        if (OtlpFormat.Of(context.Request.ContentType) is not { } format)
            return Problems.Create(StatusCodes.Status415UnsupportedMediaType, "Send application/x-protobuf or application/json.");
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
            return Problems.Create(StatusCodes.Status415UnsupportedMediaType, "Send it without Content-Encoding, or with gzip.");
        ExportTraceServiceRequest request;
        try
        {
            if (await ReadAsync(context.Request, encoding == "gzip", context.RequestAborted) is not { } body)
                return Problems.Create(StatusCodes.Status413PayloadTooLarge, $"A request is at most {MostBytes >> 20} MiB: send fewer spans at once.");
            request = format.Read(body);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonRequestException or InvalidDataException)
        {
            return Problems.BadRequest($"The body is no OTLP export of traces: {e.Message}");
        }

        var caller = Caller.Of(context)!;
        var export = new SpanExport(recorder, caller);
        try
        {
            await export.StoreAsync(request);
        }
        catch (TrailWriteException)
        {
            // Exporters send it again then, and what is stored stays stored once.
            return Problems.Unavailable("Spans could not be written. Send them again later.");
        }

        if (export.Foreign > 0)
            loggerFactory.CreateLogger(typeof(TracesEndpoint)).LogWriteRefused(export.Foreign, caller.Label);
        return TypedResults.Bytes(format.Write(export.Answer), format.ContentType);
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, bool isCompressed, CancellationToken cancellationToken)
    {
        await using var input = isCompressed ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        // However small it came in.
        for (int read; (read = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (body.Length + read > MostBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private sealed class RequestSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => MostSentBytes;
    }
}
