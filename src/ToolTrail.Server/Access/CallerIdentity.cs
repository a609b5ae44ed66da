using System.Security.Claims;

namespace ToolTrail.Server.Access;

/// <summary>The caller, as ASP.NET's authorization sees it: an identity with one claim, its role.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    public CallerIdentity(Caller caller, string scheme)
        : base([new Claim(DefaultRoleClaimType, caller.Role.Name())], scheme) =>
        Caller = caller;

    public Caller Caller { get; }

    /// <summary>The principal that has this identity alone.</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));
}
