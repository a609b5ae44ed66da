using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ToolTrail.Mcp.TestServer;

var tools = new McpServerPrimitiveCollection<McpServerTool>();
foreach (var method in typeof(Tools).GetMethods().Where(method => method.IsStatic))
    tools.Add(McpServerTool.Create(method));

await using var server = McpServer.Create(
    new StdioServerTransport("test-server"),
    new McpServerOptions { ServerInfo = new Implementation { Name = "test-server", Version = "1.0.0" }, ToolCollection = tools });
await server.RunAsync();
