using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Home;
using ToolTrail.Sealing;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Seals;

/// <summary>
/// <c>GET /seals/…</c>: the seal log in the layout of C2SP tlog-tiles, for monitors and witnesses, and the keys that it is signed with. It names users and
/// days: <c>server.openSeals</c> says whether it may be read without a key.
/// </summary>
internal static class SealsEndpoints
{
    private const string OctetStream = "application/octet-stream";
    private const string OrOpen = "Needs no key when server.openSeals is true.";

    public static void MapSeals(this IEndpointRouteBuilder audit)
    {
        var seals = audit.MapGroup("/seals")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        seals.MapGet("/checkpoint", GetCheckpoint)
            .RequireRoleUnlessOpen(Role.Admin, Role.Auditor)
            .WithName("sealsCheckpoint")
            .WithSummary("The newest checkpoint of the seal log, a signed note: the head that somebody outside has to keep.")
            .WithDescription(OrOpen)
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        seals.MapGet("/tile/{**name}", GetTile)
            .RequireRoleUnlessOpen(Role.Admin, Role.Auditor)
            .WithName("sealsTile")
            .WithSummary("A tile of the seal log, or a bundle of its entries (C2SP tlog-tiles).")
            .WithDescription($"A full one never changes. A partial one is gone once the full one is there: ask for that. {OrOpen}")
            .Produces<Stream>(StatusCodes.Status200OK, OctetStream);
        seals.MapGet("/keys", GetKeys)
            .RequireRoleUnlessOpen(Role.Admin, Role.Auditor, Role.User)
            .WithName("sealsKeys")
            .WithSummary("The verifier keys of the seal log, one a line: the one that signs now, and those before it, newest first.")
            .WithDescription($"As 'tooltrail keys verifier' prints them. Keep them: whoever takes the key from where the proof comes from trusts that place alone. {OrOpen}")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static Results<ContentHttpResult, ProblemHttpResult> GetCheckpoint(SealLog log) => log.ReadCheckpoint() is { } note
        ? Text(note.ToString())
        : Problems.NotFound("Nothing of this trail is sealed yet, so there is no checkpoint.");

    private static Results<FileContentHttpResult, ProblemHttpResult> GetTile(
        HttpContext context, SealLog log, TrailConfiguration configuration,
        [Description("Level and number: 0/x001/234, entries/000, entries/001.p/7.")] string? name)
    {
        if (log.ReadTile("tile/" + name, out var isFull) is not { } bytes)
            return Problems.NotFound("There is no such tile: the newest checkpoint does not stand for it, or the full one has taken its place.");
        if (isFull)
            context.Response.Headers.CacheControl = $"{(configuration.Current.Server.OpenSeals ? "public" : "private")}, max-age=31536000, immutable";
        return TypedResults.Bytes(bytes, OctetStream);
    }

    private static ContentHttpResult GetKeys(SealLog log) => Text(string.Concat(log.VerifierKeys().Select(key => $"{key}\n")));

    private static ContentHttpResult Text(string text) => TypedResults.Text(text, "text/plain", Encoding.UTF8);

    // Asked for each request: the configuration is followed.
    private static RouteHandlerBuilder RequireRoleUnlessOpen(this RouteHandlerBuilder endpoint, params Role[] roles) => endpoint.RequireAuthorization(policy => policy
        .RequireAssertion(context => IsOpen((HttpContext)context.Resource!) || roles.Any(role => context.User.IsInRole(role.Name()))));

    private static bool IsOpen(HttpContext context) => context.RequestServices.GetRequiredService<TrailConfiguration>().Current.Server.OpenSeals;
}
