using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace ToolTrail.Server.Errors;

/// <summary>Answers to what went wrong: problem details (RFC 9457), whatever the client accepts.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string detail) => Create(StatusCodes.Status400BadRequest, detail);

    public static ProblemHttpResult Unauthorized(string detail) => Create(StatusCodes.Status401Unauthorized, detail);

    public static ProblemHttpResult Forbidden(string detail, IDictionary<string, object?>? extensions = null) =>
        Create(StatusCodes.Status403Forbidden, detail, extensions);

    public static ProblemHttpResult NotFound(string detail) => Create(StatusCodes.Status404NotFound, detail);

    public static ProblemHttpResult TooManyRequests(string detail) => Create(StatusCodes.Status429TooManyRequests, detail);

    public static ProblemHttpResult Unavailable(string detail, IDictionary<string, object?>? extensions = null) =>
        Create(StatusCodes.Status503ServiceUnavailable, detail, extensions);

    /// <summary>Any other.</summary>
    /// <param name="status">The HTTP status; title and type follow from it.</param>
    /// <param name="detail">What is wrong and what to do; never a record's data.</param>
    /// <param name="extensions">Further members; those that are null are left out.</param>
    public static ProblemHttpResult Create(int status, string? detail, IDictionary<string, object?>? extensions = null) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            title: ReasonPhrases.GetReasonPhrase(status),
            // The one status of ours whose definition ASP.NET does not name.
            type: status == StatusCodes.Status429TooManyRequests ? "https://tools.ietf.org/html/rfc6585#section-4" : null,
            extensions: extensions?.Where(member => member.Value is not null).ToDictionary());
}
