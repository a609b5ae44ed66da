using Microsoft.AspNetCore.Authorization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ToolTrail.ModelContextProtocol.Tests;

/// <summary>One tool for each way in which a call can end.</summary>
[McpServerToolType]
internal sealed class NoteTools
{
    [McpServerTool(Name = "read")]
    public static string Read(string name) => $"note {name}";

    [McpServerTool(Name = "break")]
    public static string Break() => throw new IOException("disk on fire");

    [McpServerTool(Name = "answer_error")]
    public static CallToolResult AnswerError() => new() { IsError = true, Content = [new TextContentBlock { Text = "quota used up" }] };

    [McpServerTool(Name = "answer_nothing")]
    public static CallToolResult AnswerNothing(bool isError) => new() { IsError = isError, Content = null! };

    [McpServerTool(Name = "deploy")]
    public static string Deploy() => throw new InvalidOperationException("A denied tool ran.");

    [McpServerTool(Name = "secret")]
    [Authorize(Roles = "admin")]
    public static string Secret(string name) => throw new InvalidOperationException($"Somebody who may not read {name} did.");

    [McpServerTool(Name = "late")]
    public static string Late() => throw new TimeoutException("30 s are over");

    [McpServerTool(Name = "forbid")]
    public static string Forbid(string name) => throw new UnauthorizedAccessException($"Access to {name} is denied.");

    [McpServerTool(Name = "wait")]
    public static async Task<string> Wait(ToolGate gate, CancellationToken cancellationToken)
    {
        gate.Entered.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never";
    }

    [McpServerTool(Name = "look")]
    public static string Look(ToolGate gate)
    {
        gate.Look?.Invoke();
        return "looked";
    }

    [McpServerTool(Name = "ask")]
    public static string Ask(RequestContext<CallToolRequestParams> context)
    {
        if (context.Params!.InputResponses?.ContainsKey("name") == true)
            return "hello";
        throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["name"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Who are you?", RequestedSchema = new() }),
            },
            requestState: "state-1");
    }
}
