using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Access;

/// <summary>Who is calling, and what it may do.</summary>
internal static class AccessExtensions
{
    private const string EitherScheme = "key or token";

    /// <summary>Adds keys, tokens if they are configured, and roles.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, JwtSettings? jwt, TimeProvider timeProvider)
    {
        services.AddSingleton<ApiKeyRing>().AddHostedService(provider => provider.GetRequiredService<ApiKeyRing>());
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalHandler>();
        services.AddAuthorization();
        var authentication = services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, options => options.ForwardDefaultSelector = context =>
                jwt is not null && Credential.IsToken(context.Request) ? JwtAuthentication.SchemeName : ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        if (jwt is not null)
            authentication.AddJwt(jwt, timeProvider);
        return services.WithoutDataProtectionKeys();
    }

    /// <summary>Knows callers, turns away those who may not, and ends requests whose key ends.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseAuthentication().UseAuthorization().Use(EndWithKeyAsync);

    /// <summary>Lets only some roles in.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoints, params Role[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(policy => policy.RequireRole(roles.Select(role => role.Name())));

    // Authentication brings it along and nothing here uses it: its start would make a key in the user's folder, unencrypted, and warn of that.
    private static IServiceCollection WithoutDataProtectionKeys(this IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(service);
        return services;
    }

    private static async Task EndWithKeyAsync(HttpContext context, RequestDelegate next)
    {
        if (Caller.Of(context) is not { } caller)
        {
            await next(context);
            return;
        }

        // The connection is cut, so that what was sent cannot be taken for the whole.
        await using var ending = caller.Ended.Register(() =>
        {
            context.RequestServices.GetRequiredService<ILogger<Caller>>()
                .LogEnded(context.Request.Method, context.Request.Path.ToUriComponent(), caller.Label);
            context.Abort();
        });
        await next(context);
    }
}
