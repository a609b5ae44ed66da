using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Reads;
using ToolTrail.Verification;

namespace ToolTrail.Server.Verify;

/// <summary><c>GET /verify</c>: whether the trail is what was recorded.</summary>
internal static class VerifyEndpoint
{
    private const string RetryAfterSeconds = "10";

    public static void MapVerify(this IEndpointRouteBuilder audit) => audit.MapGet("/verify", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("verify")
        .WithSummary("Recomputes the trail from its bytes, and holds it against everything that was signed.")
        .WithDescription(
            "Answers 200 whatever is found: look at 'intact'. One verification runs at a time, another request meanwhile is answered 429 with Retry-After. "
            + "It is made by the server and its key: whoever trusts neither runs 'tooltrail verify' on a copy, with a head that was kept elsewhere.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<TrailVerdict>, ProblemHttpResult>> GetAsync(
        HttpContext context, ReadGate gate, VerifyTurn turn, TrailVerifier verifier, SealLog log, TrailConfiguration configuration,
        [Description("Whose parts; absent: all that the key may read.")] string? user,
        [Description("The first day, in the home's zone: 2026-11-23; absent: the first there is.")] string? from,
        [Description("The last day; absent: the last there is.")] string? to)
    {
        if (!TryReadDay(from, out var first) || !TryReadDay(to, out var last))
            return Problems.BadRequest("'from' and 'to' are dates like 2026-11-23.");
        // It would find nothing wrong with nothing.
        if (first > last)
            return Problems.BadRequest("'from' is a day behind 'to'.");
        if (!turn.TryTake())
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            return Problems.TooManyRequests("Another verification is under way, and one runs at a time. Ask again when it is done.");
        }

        try
        {
            var scope = await gate.EnterAsync(context, user);
            if (scope.Refusal is not null)
                return scope.Refusal;
            if (log.ReadVerifierKey() is not { } key)
                return Problems.Unavailable("There is no signing key, so there is nothing to verify the trail by: nothing was signed yet, or the key is elsewhere (integrity.signingKey).");
            var witnesses = configuration.Current.Integrity.Witnesses.Select(witness => witness.Key);
            var options = new VerifyOptions { User = scope.User, From = first, To = last, Keys = [key], Witnesses = [.. witnesses] };
            return TypedResults.Ok(await OnItsOwnThread(() => verifier.Verify(options, context.RequestAborted)));
        }
        finally
        {
            turn.GiveBack();
        }
    }

    // Other requests keep theirs.
    private static Task<TrailVerdict> OnItsOwnThread(Func<TrailVerdict> verify) =>
        Task.Factory.StartNew(verify, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // Forms send what was left empty.
    private static bool TryReadDay(string? text, out DateOnly? day)
    {
        day = ReadParameters.TryReadDay(text, out var read) ? read : null;
        return day is not null || string.IsNullOrEmpty(text);
    }
}
