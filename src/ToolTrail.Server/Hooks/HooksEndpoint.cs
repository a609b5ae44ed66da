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
    // As much as ingest takes of one record.
    private const int MaxInputBytes = RecordIngest.MaxRecordBytes;

    public static void MapHooks(this IEndpointRouteBuilder hooks) => hooks.MapPost("/{host}", PostAsync)
        .RequireRole(Role.Admin, Role.Producer)
        .WithName("hook")
        .WithSummary("Takes what a hook of Claude Code or Gemini CLI was told.")
        .WithDescription(
            "Answers once it is on disk, with what the host reads from its hook: nothing, or the policy's refusal. The events before and after a call become one "
            + "call with a duration. Transcripts are not read: calls that a person rejects are told by no hook, and stay without outcome.")
        .Accepts<object>("application/json")
        // The endpoint looks itself: what is too long may have to be refused in the host's own words.
        .WithMetadata(new NoRequestSizeLimit())
        .Produces(StatusCodes.Status200OK, contentType: "application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
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

        var (input, isWhole) = await ReadAsync(context);
        if (!isWhole)
        {
            var problem = $"A hook's input has at most {MaxInputBytes >> 20} MiB.";
            return RefusalOrElse(problem, Problems.Create(StatusCodes.Status413PayloadTooLarge, problem));
        }

        try
        {
            var answer = await capture.TakeAsync(known, input, user, context.RequestAborted);
            // A refusal holds whatever becomes of its record, which has been waited for.
            if (answer.Length > 0)
                return TypedResults.Bytes(answer, "application/json");
            await recorder.FlushAsync(context.RequestAborted);
            return TypedResults.Content("{}", "application/json");
        }
        catch (Exception e) when (e is HookInputException or RecordRefusedException)
        {
            return RefusalOrElse(e.Message, Problems.BadRequest(e.Message));
        }
        catch (TrailWriteException)
        {
            // Why names files of the server: its log says that.
            return Problems.Unavailable("The call could not be written.");
        }

        // An agent takes any other answer for leave to run the tool.
        Results<FileContentHttpResult, ContentHttpResult, ProblemHttpResult> RefusalOrElse(string problem, ProblemHttpResult otherwise) =>
            capture.RefuseUnasked(known, input, problem) is { Length: > 0 } refusal ? TypedResults.Bytes(refusal, "application/json") : otherwise;
    }

    // To the end also of what is too long, and is not kept: a sender that is still sending reads no answer.
    private static async Task<(ReadOnlyMemory<byte> Input, bool IsWhole)> ReadAsync(HttpContext context)
    {
        using var input = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var total = 0L;
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0; total += read)
            input.Write(buffer, 0, (int)Math.Clamp(MaxInputBytes - total, 0, read));
        return (input.ToArray(), total <= MaxInputBytes);
    }

    private sealed class NoRequestSizeLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => null;
    }
}
