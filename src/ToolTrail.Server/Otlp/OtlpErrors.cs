using Microsoft.AspNetCore.Http;

namespace ToolTrail.Server.Otlp;

/// <summary>
/// Whatever goes wrong under <c>/v1</c>, wherever it is found, is told as OTLP's exporters expect it: a <c>google.rpc.Status</c> in the encoding of the request
/// (<c>https://opentelemetry.io/docs/specs/otlp/#failures-1</c>). Everywhere else problem details stay what they are.
/// </summary>
internal sealed class OtlpErrors : IProblemDetailsService
{
    // Long enough for a disk to come back or for other requests to end, short enough for what an exporter keeps meanwhile.
    private const string RetryAfterSeconds = "5";

    public async ValueTask WriteAsync(ProblemDetailsContext context) => await TryWriteAsync(context);

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        if (!request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            return false;
        var status = context.ProblemDetails.Status ?? response.StatusCode;
        var message = status == StatusCodes.Status415UnsupportedMediaType
            ? "Send application/x-protobuf or application/json, as it is or compressed by gzip."
            : context.ProblemDetails.Detail ?? context.ProblemDetails.Title ?? "";
        // People who try by hand read JSON.
        var format = OtlpFormat.Of(request.ContentType) ?? OtlpFormat.Json;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds;
        response.ContentType = format.ContentType;
        await response.Body.WriteAsync(format.Status(CodeOf(status), message), context.HttpContext.RequestAborted);
        return true;
    }

    // As google.rpc.Code maps them to HTTP.
    private static int CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status403Forbidden => 7,
        StatusCodes.Status404NotFound => 5,
        StatusCodes.Status405MethodNotAllowed => 12,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => 8,
        StatusCodes.Status503ServiceUnavailable => 14,
        >= StatusCodes.Status500InternalServerError => 13,
        _ => 3,
    };
}
