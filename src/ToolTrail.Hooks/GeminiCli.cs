using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>Gemini CLI, as <c>docs/hooks/reference.md</c> of google-gemini/gemini-cli describes its hooks.</summary>
/// <remarks>
/// Its hooks name no id of a call: what ends is the newest call of the session that is open and has the same tool and arguments. A call that its user does not
/// confirm, and a tool that there is not, fire no hook.
/// </remarks>
internal sealed class GeminiCli : HookHost
{
    /// <inheritdoc/>
    public override string Name => "gemini-cli";

    /// <inheritdoc/>
    internal override HookEvent Read(JsonElement input, string user)
    {
        var call = Describe(input, user);
        if (input.TryGetProperty("mcp_context", out var mcp) && Text(mcp, "server_name") is { } server)
            call = call with { Server = server };
        return Text(input, "hook_event_name") switch
        {
            "BeforeTool" => new HookEvent.Begins(call),
            "AfterTool" => new HookEvent.Ends(call, OutcomeOf(input)),
            "SessionEnd" => new HookEvent.Pauses(call, null, IsEnd: true),
            _ => new HookEvent.Other(),
        };
    }

    /// <inheritdoc/>
    internal override byte[] Refuse(string reason) => JsonBytes.Write(writer =>
    {
        writer.WriteString("decision", "deny");
        writer.WriteString("reason", reason);
    });

    private static ToolCallOutcome OutcomeOf(JsonElement input)
    {
        if (!input.TryGetProperty("tool_response", out var answer) || answer.ValueKind != JsonValueKind.Object)
            return ToolAnswer.Of(input, "tool_response");
        answer.TryGetProperty("llmContent", out var content);
        var result = content.ValueKind switch
        {
            JsonValueKind.Undefined => ToolCallOutcome.Ok(ToolResult.FromJson(JsonBytes.Of(answer))),
            _ => ToolAnswer.Of(content),
        };
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind is JsonValueKind.Null or JsonValueKind.False)
            return result;
        var message = Text(answer, "error") ?? Text(error, "message") ?? error.GetRawText();
        return ToolCallOutcome.Failed(new ToolCallError(Text(error, "type") ?? "tool_error", message), result.Result);
    }
}
