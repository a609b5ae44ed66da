using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Reads;
using ToolTrail.Verification;

namespace ToolTrail.Server.Proof;

/// <summary><c>GET /proof</c>: the proof of one line.</summary>
internal static class ProofEndpoint
{
    public static void MapProof(this IEndpointRouteBuilder audit) => audit.MapGet("/proof", GetAsync)
        .RequireRole(Role.Admin, Role.Auditor, Role.User)
        .WithName("proof")
        .WithSummary("The proof (C2SP tlog-proof) that a line stands in the trail.")
        .WithDescription(
            "For somebody who has only the line and a verifier key (seals/keys): 'tooltrail verify-proof' checks it, anywhere. "
            + "A line can be proved once it is sealed, which is within a minute. Costs reading the part.")
        .Produces<string>(StatusCodes.Status200OK, "text/plain")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> GetAsync(
        HttpContext context, ReadGate gate, TrailProver prover,
        [Description("Whose line; may be absent when the key stands for one user.")] string? user,
        [Description("The date of its file, in the home's zone: 2026-11-23.")] string day,
        [Description("Its number in the file, from 0.")] long line,
        [Description("The part of the day, from 1.")] int part = 1)
    {
        if (!ReadParameters.TryReadDay(day, out var date))
            return Problems.BadRequest("'day' is a date like 2026-11-23.");
        if (line < 0)
            return Problems.BadRequest("'line' is a number from 0.");
        if (part < 1)
            return Problems.BadRequest("'part' is a number from 1.");
        var scope = await gate.EnterOneUserAsync(context, user);
        if (scope.Refusal is not null)
            return scope.Refusal;

        try
        {
            return TypedResults.Text(prover.Prove(scope.User!, date, line, part).ToString(), "text/plain", Encoding.UTF8);
        }
        catch (ProofException exception)
        {
            return Problems.NotFound(exception.Message);
        }
    }
}
