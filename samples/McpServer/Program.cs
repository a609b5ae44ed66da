// An MCP server whose tool calls are in the trail. Give its command to any client, then look: tooltrail recent
using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;
using ToolTrail.ModelContextProtocol;

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddMcpServer()
    .WithStdioServerTransport().WithTools<Notes>()
    .WithToolTrail();
await builder.Build().RunAsync();

[McpServerToolType]
internal sealed class Notes
{
    [McpServerTool(Name = "read_note"), Description("Reads a note.")]
    public static string Read(string name) => name == "todo.txt" ? "buy milk" : throw new FileNotFoundException("There is no such note.", name);
}
