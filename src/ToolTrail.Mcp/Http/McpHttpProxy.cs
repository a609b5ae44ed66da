using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// A transparent proxy in front of an MCP server over Streamable HTTP, of both protocol eras, or over HTTP with SSE before it: relays requests and answers, streams
/// included, and records every call of a tool. See <c>docs/mcp-proxy.md</c> for what it does in each case.
/// </summary>
public static class McpHttpProxy
{
    /// <summary>Makes a proxy, which the caller starts, stops and disposes.</summary>
    /// <param name="options">Where, before what, and for whom.</param>
    /// <param name="recorder">Where calls are recorded. Stays the caller's.</param>
    /// <param name="configureLogging">Where trouble is told; <c>null</c>: nowhere. Arguments and results are never logged.</param>
    public static WebApplication Create(McpHttpProxyOptions options, ToolCallRecorder recorder, Action<ILoggingBuilder>? configureLogging = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recorder);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configureLogging?.Invoke(builder.Logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(options.Listen.ToString()).ConfigureKestrel(kestrel =>
        {
            // The server says who it is, and how long and how slow a peer may be; of messages the proxy knows their length.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.AddHttpForwarder();

        var app = builder.Build();
        var calls = new OpenCalls(recorder, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(McpHttpProxy)));
        var exchanges = new HttpExchanges(options, calls, app, Upstream());
        app.Run(exchanges.TakeAsync);
        app.Lifetime.ApplicationStopped.Register(() => calls.CloseAsync(ToolCallOutcome.Cancelled("The proxy was stopped before the server answered.")).GetAwaiter().GetResult());
        return app;
    }

    // As it comes, so it goes: no cookies, redirects, encodings or trace headers of the proxy's own.
    private static HttpMessageInvoker Upstream() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
    });
}
