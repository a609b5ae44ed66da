using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.Errors;

/// <summary>Turns whatever goes wrong into problem details.</summary>
internal static partial class ErrorHandling
{
    /// <summary>Exceptions, and error statuses that nobody gave a body.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Explain(context, context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context),
            SuppressDiagnosticsCallback = context => IsExpected(context.Exception),
        })
        .UseStatusCodePages(pages => Describe(pages.HttpContext).ExecuteAsync(pages.HttpContext));

    private static bool IsExpected(Exception exception) => exception is BadHttpRequestException or InvalidCursorException or TrailWriteException;

    // The message of an exception that we did not expect may hold anything: it goes to the log alone, found by the trace id.
    private static ProblemHttpResult Explain(HttpContext context, Exception exception) => exception switch
    {
        BadHttpRequestException bad => Problems.Create(bad.StatusCode, InWords(bad.Message)),
        InvalidCursorException => Problems.BadRequest(exception.Message),
        // What is wrong names files: it is told to those alone who may see to it, and stands in the log.
        SealingException when Caller.Of(context)?.Role is Role.Admin or Role.Auditor => Problems.Unavailable(exception.Message),
        SealingException => Problems.Unavailable("The seal log, or its key, is not as it has to be. The server's log says why."),
        TrailWriteException => Problems.Unavailable("The trail cannot be written, so the request was not carried out. The server's log says why."),
        _ => Problems.Create(
            StatusCodes.Status500InternalServerError, "Something went wrong in the server. Its log says what.",
            new Dictionary<string, object?> { ["trace_id"] = Activity.Current?.TraceId.ToHexString() }),
    };

    // ASP.NET tells of parameters in the words of C#; what else it says stays.
    private static string InWords(string message) => ParameterPattern().Match(message) switch
    {
        { Success: false } => message,
        { Groups: var found } when found["value"].Success => $"'{found["name"]}' cannot be '{found["value"]}'. /openapi/v1.json says what it takes.",
        { Groups: var found } => $"'{found["name"]}' is missing. /openapi/v1.json says what it takes.",
    };

    [GeneratedRegex("""^(?:Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"|Required parameter "\S+ (?<name>\w+)" was not provided from query string)\.$""", RegexOptions.Singleline)]
    private static partial Regex ParameterPattern();

    private static ProblemHttpResult Describe(HttpContext context) => Problems.Create(context.Response.StatusCode, context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => $"The methods here are: {context.Response.Headers.Allow}.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json or application/x-ndjson.",
        _ => null,
    });
}
