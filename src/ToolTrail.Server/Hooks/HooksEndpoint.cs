using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ToolTrail.Hooks;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Hooks;

/// <summary><c>POST /api/hooks/{host}</c>: what an agent's http hooks are told.</summary>
internal static class HooksEndpoint
{
    public static void MapHooks(this IEndpointRouteBuilder hooks) => hooks.MapPost("/{host}", PostAsync)
        .RequireRole(Role.Admin, Role.Producer)
        .WithName("hook")
        .WithSummary("Takes what a hook of Claude Code or Gemini CLI was told.")
        .WithDescription(
            "Answers once it is on disk, with what the host reads from its hook: nothing, or the policy's refusal. The events before and after a call become one "
            + "call with a duration. Transcripts are not read: calls that a person rejects are told by no hook, and stay without outcome.")
        .Accepts<object>("application/json")
        // As much as ingest takes of one record.
        .WithMetadata(new RequestSizeLimit(RecordIngest.MaxRecordBytes))
        .Produces(StatusCodes.Status200OK, contentType: "application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<FileContentHttpResult, ContentHttpResult, ProblemHttpResult>> PostAsync(
        HttpContext context, HookCapture capture, ToolCallRecorder recorder, ILoggerFactory loggerFactory,
        [Description("The host: claude-code or gemini-cli.")] string host,
        [Description("On whose behalf the agent works; absent: the one user that the key writes for.")] string? user)
    {
        if (HookHost.Find(host) is not { } known)
            return Problems.NotFound($"The hosts are {string.Join(" and ", HookHost.All.Select(each => each.Name))}.");
        var caller = Caller.Of(context)!;
        if (string.IsNullOrEmpty(user))
            user = caller.Users is [var only] && only != "*" ? only : null;
        if (user is null)
            return Problems.BadRequest("Name the user on whose behalf the agent works: ?user=NAME. The key does not tell.");
        if (!caller.MayWriteFor(user))
        {
            loggerFactory.CreateLogger(typeof(HooksEndpoint)).LogWriteRefused(1, caller.Label);
            return Problems.Forbidden("The key may not write for this user.");
        }

        try
        {
            using var input = new MemoryStream();
            await context.Request.Body.CopyToAsync(input, context.RequestAborted);
            var answer = await capture.TakeAsync(known, input.ToArray(), user, context.RequestAborted);
            await recorder.FlushAsync(context.RequestAborted);
            return answer.Length > 0 ? TypedResults.Bytes(answer, "application/json") : TypedResults.Content("{}", "application/json");
        }
        catch (Exception e) when (e is HookInputException or RecordRefusedException)
        {
            return Problems.BadRequest(e.Message);
        }
        catch (TrailWriteException)
        {
            // Why names files of the server: its log says that.
            return Problems.Unavailable("The call could not be written.");
        }
    }

    private sealed class RequestSizeLimit(long bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
