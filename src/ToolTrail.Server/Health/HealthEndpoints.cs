using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Health;

/// <summary><c>GET /health/live</c> and <c>/health/ready</c>: for whoever supervises the server, without a key.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("health");
        health.MapGet("/live", () => TypedResults.Ok(new LiveAnswer("live")))
            .WithName("live")
            .WithSummary("Whether the process answers at all.");
        health.MapGet("/ready", Ready)
            .WithName("ready")
            .WithSummary("Whether records are being kept: 503 while any are being lost.")
            .WithDescription("Causes, which may name files and users, are told to an admin's or auditor's key alone.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Results<Ok<ReadyAnswer>, ProblemHttpResult> Ready(
        HttpContext context, ToolCallRecorder recorder, TrailConfiguration configuration, ApiKeyRing keys)
    {
        var mayKnow = Caller.Of(context)?.Role is Role.Admin or Role.Auditor;
        var health = recorder.Health;
        if (health.Degraded)
        {
            return Problems.Unavailable("Records are being lost: the trail cannot be written. The server's log says why.", new Dictionary<string, object?>
            {
                ["state"] = "degraded",
                ["lost"] = health.Lost,
                ["pending_losses"] = health.PendingLosses,
                ["since"] = health.Since,
                ["cause"] = mayKnow ? health.Cause : null,
            });
        }

        // A bad configuration or key file costs no record: the values before it stay in force.
        var warnings = new List<string>();
        if (configuration.Problem is { } problem)
            warnings.Add(mayKnow ? problem : "The configuration file was refused; the values before it are in force.");
        if (keys.Problem is { } damage)
            warnings.Add(mayKnow ? damage : "The key file cannot be read; the keys before it are in force.");
        if (health.SealingProblem is { } unsealed)
            warnings.Add(mayKnow ? unsealed : "What is recorded is not sealed at the moment.");
        if (health.Alarms.Count > 0)
            warnings.AddRange(mayKnow ? health.Alarms : ["Files of the trail do not fit what was signed of them."]);
        return TypedResults.Ok(new ReadyAnswer("ready", health.Recorded, health.Lost, warnings));
    }
}
