using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ToolTrail.Home;
using ToolTrail.Mcp.Http;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>A server that says what a test has it say, and the proxy before it, both in this process: for what real servers do not do on command.</summary>
internal sealed class HttpWire : IAsyncDisposable
{
    public const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}""";
    public const string Answer = """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"x"}]}}""";

    private readonly TrailConfiguration _configuration;
    private readonly ToolCallRecorder _recorder;
    private readonly WebApplication _server;
    private readonly WebApplication _proxy;

    private HttpWire(TrailConfiguration configuration, ToolCallRecorder recorder, WebApplication server, WebApplication proxy)
    {
        _configuration = configuration;
        _recorder = recorder;
        _server = server;
        _proxy = proxy;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(proxy.Urls.First()) };
    }

    /// <summary>A client of the proxy.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts both.</summary>
    /// <param name="home">Where the proxy records.</param>
    /// <param name="server">What the server does with a request.</param>
    /// <param name="configure">Other options of the proxy.</param>
    /// <param name="path">The path and query of the server's endpoint.</param>
    public static async Task<HttpWire> StartAsync(TestHome home, RequestDelegate server, Func<McpHttpProxyOptions, McpHttpProxyOptions>? configure = null, string path = "/mcp")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        app.Run(server);
        await app.StartAsync();
        var opened = TrailHome.Open(home.Path);
        var configuration = TrailConfiguration.Load(opened);
        var recorder = ToolCallRecorder.Open(opened, configuration);
        var options = new McpHttpProxyOptions { Listen = new Uri("http://127.0.0.1:0"), Upstream = new Uri(app.Urls.First() + path), User = "ada" };
        var proxy = McpHttpProxy.Create(configure?.Invoke(options) ?? options, recorder);
        await proxy.StartAsync();
        return new HttpWire(configuration, recorder, app, proxy);
    }

    /// <summary>What a server does to write a part of a stream of events.</summary>
    public static async Task TellAsync(HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Asks for the endpoint.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="body">Its body; <c>null</c>: none.</param>
    /// <param name="headers">Its headers.</param>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, HttpContent? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, "/") { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Posts a message.</summary>
    public Task<HttpResponseMessage> PostAsync(string message, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, new StringContent(message, null, "application/json"), headers);

    /// <summary>Ends the proxy in good order: all is in the trail.</summary>
    /// <param name="waits">Whether it waits for answers, half a minute at most.</param>
    public async Task EndProxyAsync(bool waits = true)
    {
        await _proxy.StopAsync(new CancellationToken(canceled: !waits));
        await _recorder.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        await _recorder.DisposeAsync();
        _configuration.Dispose();
    }
}
