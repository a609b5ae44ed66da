using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Reading;
using ToolTrail.Server.Access;
using ToolTrail.Server.Reads;

namespace ToolTrail.Server.Files;

/// <summary><c>GET /files</c>: the days there are.</summary>
internal static class FilesEndpoint
{
    public static void MapFiles(this IEndpointRouteBuilder audit) => audit.MapGet("/files", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("files")
        .WithSummary("The days of a user's trail, newest first, with sizes and counts.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<FilesAnswer>, ProblemHttpResult>> GetAsync(
        HttpContext context, ReadGate gate, TrailReader reader,
        [Description("Whose days; may be absent when the key stands for one user.")] string? user)
    {
        var scope = await gate.EnterOneUserAsync(context, user);
        if (scope.Refusal is not null)
            return scope.Refusal;

        var days = new List<DayAnswer>();
        await foreach (var day in reader.ReadDaysAsync(scope.User!, context.RequestAborted))
            days.Add(new DayAnswer(day.Day, day.Parts, day.Bytes, day.Records, day.Skipped));
        return TypedResults.Ok(new FilesAnswer(scope.User!, days));
    }
}
