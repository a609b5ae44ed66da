using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Access;

/// <summary>The one place where requests are turned away for want of a key or a role: 401, 403 or 429, a problem and a log line.</summary>
internal sealed class RefusalHandler : IAuthorizationMiddlewareResultHandler
{
    private readonly FailedLogins _failures;
    private readonly ILogger<RefusalHandler> _logger;

    public RefusalHandler(FailedLogins failures, ILogger<RefusalHandler> logger)
    {
        _failures = failures;
        _logger = logger;
    }

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            await next(context);
        else if (Caller.Of(context) is { } caller)
            await Forbid(context, caller);
        else if ((await context.AuthenticateAsync()).Failure is null)
            await Challenge(context);
        else
            await Fail(context);
    }

    private Task Forbid(HttpContext context, Caller caller)
    {
        _logger.LogRoleRefused(context.Request.Method, context.Request.Path.ToUriComponent(), caller.Label, caller.Role.Name());
        return Problems.Forbidden($"The role '{caller.Role.Name()}' may not do this.").ExecuteAsync(context);
    }

    private Task Challenge(HttpContext context)
    {
        _logger.LogNoKey(context.Request.Method, context.Request.Path.ToUriComponent(), context.Connection.RemoteIpAddress);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Unauthorized("Send a key: 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'. 'tooltrail keys add' makes one.").ExecuteAsync(context);
    }

    private Task Fail(HttpContext context)
    {
        // Only a connection over TCP has come this far.
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var (over, retryAfter) = _failures.Add(address);
        if (over == 0)
        {
            _logger.LogWrongKey(context.Request.Method, context.Request.Path.ToUriComponent(), address);
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Problems.Unauthorized("The key or token is unknown, revoked, expired or malformed.").ExecuteAsync(context);
        }

        if (over == 1)
            _logger.LogTooManyFailures(address, FailedLogins.Limit);
        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.TooManyRequests("Too many failed logins from this address. A valid key is still accepted.").ExecuteAsync(context);
    }
}
