using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.Home;

namespace ToolTrail.Server.Access;

/// <summary>Knows callers by a JWT of the configured issuer.</summary>
internal static class JwtAuthentication
{
    public const string SchemeName = "jwt";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);
    private static readonly Role[] StrongestFirst = [Role.Admin, Role.Auditor, Role.User, Role.Producer];

    /// <summary>Accepts the issuer's tokens.</summary>
    /// <exception cref="TrailConfigurationException">The issuer's keys would come unprotected.</exception>
    public static AuthenticationBuilder AddJwt(this AuthenticationBuilder authentication, JwtSettings settings, TimeProvider timeProvider)
    {
        if (!Uri.TryCreate(settings.Authority, UriKind.Absolute, out var authority) || authority.Scheme is not ("https" or "http"))
            throw new TrailConfigurationException($"server.jwt.authority '{settings.Authority}' is not an https address.");
        if (authority.Scheme == "http" && !authority.IsLoopback)
            throw new TrailConfigurationException($"server.jwt.authority '{settings.Authority}' must be an https address: whoever can change what comes from it can sign in.");
        return authentication.AddJwtBearer(SchemeName, options =>
        {
            options.Authority = settings.Authority;
            options.Audience = settings.Audience;
            options.RequireHttpsMetadata = authority.Scheme == "https";
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ClockSkew = ClockSkew;
            options.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    Accept(context, settings, timeProvider);
                    return Task.CompletedTask;
                },
            };
        });
    }

    private static void Accept(TokenValidatedContext context, JwtSettings settings, TimeProvider timeProvider)
    {
        var claims = context.Principal!;
        var roles = claims.FindAll(settings.RoleClaim).Select(claim => claim.Value).ToList();
        var users = claims.FindAll(settings.UserClaim).Select(claim => claim.Value).ToList();
        if (StrongestFirst.Where(role => roles.Contains(role.Name())).Cast<Role?>().FirstOrDefault() is not { } role)
        {
            context.Fail($"The token's claim '{settings.RoleClaim}' names none of {RoleNames.All}.");
            return;
        }

        // A stream that a token opened ends with the token.
        var remaining = context.SecurityToken.ValidTo - timeProvider.GetUtcNow().UtcDateTime + ClockSkew;
        var end = new CancellationTokenSource(remaining < LongestTimer ? remaining : LongestTimer, timeProvider);
        context.HttpContext.Response.RegisterForDispose(end);
        var label = $"token {claims.FindFirst("sub")?.Value ?? "without subject"}";
        context.Principal = CallerIdentity.Principal(new Caller(label, role, users, end.Token), SchemeName);
    }
}
