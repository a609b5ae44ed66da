// An MCP server's command that records: give it to an application in the place of the server itself.
using ToolTrail.Home;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;

var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var recorder = ToolCallRecorder.Open(home, configuration);
var options = new McpProxyOptions { Command = "npx", Arguments = ["-y", "@modelcontextprotocol/server-everything"] };
return await McpProxy.RunAsync(options, recorder);
