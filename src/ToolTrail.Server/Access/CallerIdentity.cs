using System.Security.Claims;

namespace ToolTrail.Server.Access;

/// <summary>The caller, as ASP.NET's authorization sees it: an identity with its role, and a name: the one user that it stands for, else the key's.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    public CallerIdentity(Caller caller, string scheme)
        : base([new Claim(DefaultRoleClaimType, caller.Role.Name()), new Claim(DefaultNameClaimType, caller.Users is [var user] && user != "*" ? user : caller.Label)], scheme) =>
        Caller = caller;

    public Caller Caller { get; }

    /// <summary>The principal that has this identity alone.</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));
}
