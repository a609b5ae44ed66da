using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolTrail.Mcp.TestServer;

/// <summary>The tools: one for each way in which a call can end.</summary>
[McpServerToolType]
internal sealed class Tools
{
    [McpServerTool(Name = "echo"), Description("Says what it is told.")]
    public static string Echo(string message) => message;

    [McpServerTool(Name = "fail"), Description("Fails, as a tool does.")]
    public static string Fail(string why) => throw new McpException(why);

    [McpServerTool(Name = "refuse"), Description("Fails, as the protocol does.")]
    public static string Refuse() => throw new McpProtocolException("not today", McpErrorCode.InvalidParams);

    [McpServerTool(Name = "wait"), Description("Runs until it is cancelled.")]
    public static async Task<string> Wait(IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ProgressNotificationValue { Progress = 1 });
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never";
    }

    [McpServerTool(Name = "die"), Description("Ends the server in the middle of the call.")]
    public static string Die(int exitCode)
    {
        Environment.Exit(exitCode);
        return "never";
    }

    [McpServerTool(Name = "ask"), Description("Asks for a name, then greets.")]
    public static string Ask(RequestContext<CallToolRequestParams> context, string greeting)
    {
        if (context.Params!.InputResponses?.TryGetValue("name", out var response) == true)
            return $"{greeting}, {response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Content!["name"].GetString()}!";
        throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["name"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Who are you?", RequestedSchema = new() }),
            },
            requestState: "state-1");
    }
}
