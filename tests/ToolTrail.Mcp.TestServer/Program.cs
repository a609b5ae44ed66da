using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ToolTrail.Mcp.TestServer;

var info = new Implementation { Name = "test-server", Version = "1.0.0" };
if (args is ["client", var address])
{
    await ConformanceClient.RunAsync(new Uri(address));
    return;
}

if (args is ["http", var sessions])
{
    var isSse = sessions == "sse";
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    var mcp = builder.Services.AddMcpServer(options => options.ServerInfo = info)
        .WithHttpTransport(options =>
        {
            options.SessionMode = isSse ? HttpServerSessionMode.Stateful : Enum.Parse<HttpServerSessionMode>(sessions, ignoreCase: true);
#pragma warning disable MCP9004 // The transport before Streamable HTTP is out of use for new servers.
            options.EnableLegacySse = isSse;
#pragma warning restore MCP9004
            options.EventStreamStore = options.SessionMode == HttpServerSessionMode.StatefulForInitializeClients ? new EventStore() : null;
        })
        .WithTools<Tools>();
    if (sessions == "statefulForInitializeClients")
    {
        // Both eras, streams that can be taken up again, and all that the conformance suite asks for.
        builder.Services.AddHostFiltering(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        mcp.WithConformance();
    }

    await using var app = builder.Build();
    app.UseHostFiltering();
    app.Use((context, next) =>
    {
        if (context.Request.Headers.ContainsKey("Last-Event-ID"))
            Conformance.Returned.Release();
        return next(context);
    });
    app.MapMcp("/mcp");
    await app.StartAsync();
    Console.WriteLine($"{app.Urls.First()}/mcp{(isSse ? "/sse" : "")}");
    await app.WaitForShutdownAsync();
    return;
}

var tools = new McpServerPrimitiveCollection<McpServerTool>();
foreach (var method in typeof(Tools).GetMethods().Where(method => method.IsStatic))
    tools.Add(McpServerTool.Create(method));

await using var server = McpServer.Create(
    new StdioServerTransport("test-server"),
    new McpServerOptions { ServerInfo = info, ToolCollection = tools });
await server.RunAsync();
