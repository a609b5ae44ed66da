using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ToolTrail.ModelContextProtocol.Tests;

/// <summary>A real server over HTTP on a port of its own, and clients of it.</summary>
internal sealed class NoteServer : IAsyncDisposable
{
    /// <summary>The protocol without sessions.</summary>
    public const string Now = "2026-07-28";

    /// <summary>The protocol with them.</summary>
    public const string Before = "2025-11-25";

    private readonly WebApplication _application;

    private NoteServer(WebApplication application, ToolGate gate)
    {
        _application = application;
        Gate = gate;
    }

    /// <summary>What a test knows of a tool that runs.</summary>
    public ToolGate Gate { get; }

    /// <summary>Starts it.</summary>
    /// <param name="version">The protocol's: with sessions, where it has them.</param>
    /// <param name="configure">Adds what a test is about.</param>
    public static async Task<NoteServer> StartAsync(string version, Action<IMcpServerBuilder>? configure = null)
    {
        var gate = new ToolGate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(gate);
        builder.Services.AddAuthentication(BearerName.Scheme_).AddScheme<AuthenticationSchemeOptions, BearerName>(BearerName.Scheme_, null);
        builder.Services.AddAuthorization();
        var server = builder.Services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "notes", Version = "1.0.0" })
            .WithHttpTransport(http => http.Stateless = version == Now)
            .WithTools<NoteTools>()
            .AddAuthorizationFilters();
        configure?.Invoke(server);
        var application = builder.Build();
        application.MapMcp("/mcp");
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new NoteServer(application, gate);
    }

    /// <summary>Connects a client that is signed in as ada.</summary>
    public Task<McpClient> ConnectAsync(string protocolVersion)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri($"{_application.Urls.First()}/mcp"),
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer ada" },
        });
        var options = new McpClientOptions
        {
            ProtocolVersion = protocolVersion,
            ClientInfo = new Implementation { Name = "cs-client", Version = "1.0.0" },
            Handlers = new McpClientHandlers { ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }) },
        };
        return McpClient.CreateAsync(transport, options, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Calls a tool as no client of an SDK would, in the protocol without sessions: an answer that asks for input stays without its retry.</summary>
    public Task<HttpResponseMessage> AskOnceAsync() => PostAsync(
        """
        {"name":"ask","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},
        "io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}}
        """,
        ("MCP-Protocol-Version", Now), ("Mcp-Method", "tools/call"), ("Mcp-Name", "ask"));

    /// <summary>Calls a tool with parameters that no client of an SDK would send.</summary>
    public Task<HttpResponseMessage> PostAsync(string parameters) => PostAsync(parameters, ("MCP-Protocol-Version", Before));

    private async Task<HttpResponseMessage> PostAsync(string parameters, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_application.Urls.First()}/mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{parameters}}}""", Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers.Append(("Authorization", "Bearer ada")).Append(("Accept", "application/json, text/event-stream")))
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
