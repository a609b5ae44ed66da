using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Server.Access;
using ToolTrail.Server.Errors;

namespace ToolTrail.Server.Hosting;

/// <summary>
/// Keeps browsers from being used against the server: a page elsewhere may not call it, neither openly (<c>Origin</c>, <c>Sec-Fetch-Site</c>) nor through a
/// name that it makes point here (<c>Host</c>).
/// </summary>
internal sealed class HostCheck
{
    private readonly RequestDelegate _next;
    private readonly TrailConfiguration _configuration;
    private readonly HashSet<string> _listening;
    private readonly ILogger<HostCheck> _logger;

    public HostCheck(RequestDelegate next, TrailConfiguration configuration, ILogger<HostCheck> logger)
    {
        _next = next;
        _configuration = configuration;
        _listening = [.. ListenAddresses.Parse(configuration.Current.Server).Select(address => Bare(address.Host))];
        _logger = logger;
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (!IsHere(context, Bare(context.Request.Host.Host)))
            return RefuseAsync(context, "Host", "The request names a host that this server is not. Add it to server.allowedHosts if it is.");
        if (!IsSameOrigin(context))
            return RefuseAsync(context, "Origin", "Pages of other sites may not call this server.");
        return _next(context);
    }

    private Task RefuseAsync(HttpContext context, string header, string detail)
    {
        _logger.LogForeignHost(context.Request.Method, context.Request.Path.ToUriComponent(), context.Connection.RemoteIpAddress, header);
        return Problems.Forbidden(detail).ExecuteAsync(context);
    }

    // A name that is the address itself cannot have been made to point here.
    private bool IsHere(HttpContext context, string host) =>
        ListenAddresses.IsLoopback(host) || _listening.Contains(host) || IsAllowed(host)
        || (IPAddress.TryParse(host, out var address) && address.Equals(Unmapped(context.Connection.LocalIpAddress)));

    private bool IsSameOrigin(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Origin.Count > 0)
        {
            // The scheme may differ, behind a proxy that does TLS; the port may not, as another port is another site.
            return Uri.TryCreate(headers.Origin.ToString(), UriKind.Absolute, out var origin)
                && (origin.Authority.Equals(Authority(context.Request), StringComparison.OrdinalIgnoreCase) || IsAllowed(Bare(origin.Host)));
        }

        // A link that somebody follows is no call.
        return headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none" || headers["Sec-Fetch-Mode"] == "navigate";
    }

    private bool IsAllowed(string host) =>
        _configuration.Current.Server.AllowedHosts.Any(allowed => string.Equals(Bare(allowed), host, StringComparison.OrdinalIgnoreCase));

    // As Uri writes it: without the scheme's own port.
    private static string Authority(HttpRequest request) =>
        request.Host.Port == (request.IsHttps ? 443 : 80) ? request.Host.Host : request.Host.Value ?? "";

    private static string Bare(string host) => host.Trim('[', ']').ToLowerInvariant();

    private static IPAddress? Unmapped(IPAddress? address) => address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address;
}
