// Stands before an MCP server over HTTP, named as the argument, and records the calls of its tools: let a client connect to the address that it prints.
//   dotnet run -- https://learn.microsoft.com/api/mcp
using Microsoft.Extensions.Hosting;
using ToolTrail.Home;
using ToolTrail.Mcp.Http;
using ToolTrail.Recording;

var home = TrailHome.Open(TrailHome.Locate(null));
using var configuration = TrailConfiguration.Load(home);
await using var recorder = ToolCallRecorder.Open(home, configuration);
var options = new McpHttpProxyOptions { Listen = new Uri("http://127.0.0.1:0"), Upstream = new Uri(args[0]) };
await using var proxy = McpHttpProxy.Create(options, recorder);
await proxy.StartAsync();
Console.WriteLine(proxy.Urls.First());
await proxy.WaitForShutdownAsync();
