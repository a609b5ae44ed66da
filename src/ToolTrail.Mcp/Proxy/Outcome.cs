using ToolTrail.Mcp.Protocol;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>What an answer says of how a call ended.</summary>
internal static class Outcome
{
    /// <summary>Of a whole answer: a result or a JSON-RPC error.</summary>
    public static ToolCallOutcome Of(JsonRpcMessage answer)
    {
        if (!answer.Error.IsEmpty)
            return ToolCallOutcome.Failed(JsonRpcError.Parse(answer.Error));
        return answer.Result.IsEmpty
            ? ToolCallOutcome.Failed(new ToolCallError("no_result", "The answer had neither a result nor an error."))
            : Of(McpResult.Parse(answer.Result));
    }

    /// <summary>Of a tool's result.</summary>
    public static ToolCallOutcome Of(McpResult result) => result.IsError
        ? ToolCallOutcome.Failed(new ToolCallError("tool_error", result.FirstText), result.Text)
        : ToolCallOutcome.Ok(result.Text);

    /// <summary>Of a cancellation. A client's time limit comes as one: the SDKs for TypeScript and Python give their error's text as the reason.</summary>
    /// <param name="text">The client's reason: any text, so that it is kept as an error's message is.</param>
    public static ToolCallOutcome OfCancellation(string? text)
    {
        var outcome = text?.Contains("timed out", StringComparison.OrdinalIgnoreCase) == true
            ? ToolCallOutcome.TimedOut("the client's time limit")
            : ToolCallOutcome.Cancelled("the client gave the call up");
        return Saying(outcome, text);
    }

    /// <summary>Of a task's state.</summary>
    /// <returns><c>null</c> while the task runs, waits for input, or has a result that the client has yet to fetch (2025-11-25).</returns>
    public static ToolCallOutcome? OfTask(McpResult task) => task.TaskStatus switch
    {
        "completed" when !task.TaskResult.IsEmpty => Of(McpResult.Parse(task.TaskResult)),
        "failed" => ToolCallOutcome.Failed(task.TaskError.IsEmpty ? new ToolCallError("task_failed", task.TaskMessage) : JsonRpcError.Parse(task.TaskError)),
        "cancelled" => Saying(ToolCallOutcome.Cancelled("the task was cancelled"), task.TaskMessage),
        _ => null,
    };

    private static ToolCallOutcome Saying(ToolCallOutcome outcome, string? text) => text is null ? outcome : outcome with { Error = new ToolCallError("cancelled", text) };
}
