// A program that calls the tools of an MCP server, each call in the trail: McpClient COMMAND ARGUMENTS… Then look: tooltrail recent
//   dotnet run --project samples/McpClient -- dotnet run --project samples/McpServer
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using ToolTrail.ModelContextProtocol;

var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = args[0], Arguments = args[1..] });
await using var client = await McpClient.CreateAsync(transport);

var tools = (await client.ListToolsAsync()).WithToolTrail(client);
var note = tools.First(tool => tool.Name == "read_note");
Console.WriteLine(await note.InvokeAsync(new AIFunctionArguments { ["name"] = "todo.txt" }));
