using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>Gemini CLI, as <c>docs/hooks/reference.md</c> of google-gemini/gemini-cli describes its hooks.</summary>
/// <remarks>
/// Its hooks name no id of a call: what ends is the newest call of the session that is open and has the same tool and arguments. A tool that there is not fires no
/// hook: it is read from Gemini CLI's record of the session when the agent has answered. What becomes of a call that its user does not confirm is told nowhere.
/// </remarks>
internal sealed class GeminiCli : HookHost
{
    /// <inheritdoc/>
    public override string Name => "gemini-cli";

    /// <inheritdoc/>
    internal override string BeginEvent => "BeforeTool";

    /// <inheritdoc/>
    internal override HookEvent Read(JsonValue input, string user)
    {
        var call = Describe(input, user);
        if (input["mcp_context"]["server_name"].Text is { } server)
            call = call with { Server = server };
        return input[EventMember].Text switch
        {
            "BeforeTool" => new HookEvent.Begins(call),
            "AfterTool" => new HookEvent.Ends(call, OutcomeOf(input["tool_response"])),
            "AfterAgent" => new HookEvent.Pauses(call, input["transcript_path"].Text, IsEnd: false),
            "SessionEnd" => new HookEvent.Pauses(call, input["transcript_path"].Text, IsEnd: true),
            _ => new HookEvent.Other(),
        };
    }

    /// <inheritdoc/>
    internal override byte[] Refuse(string reason) => JsonValue.Write(writer =>
    {
        writer.WriteString("decision", "deny");
        writer.WriteString("reason", reason);
    });

    /// <inheritdoc/>
    internal override IReadOnlyList<TranscriptCall> ReadTranscript(string path) => GeminiTranscript.Read(path);

    private static ToolCallOutcome OutcomeOf(JsonValue answer)
    {
        if (!answer.IsObject)
            return ToolAnswer.Of(answer);
        var content = answer["llmContent"];
        var result = content.IsThere ? ToolAnswer.Of(content) : ToolCallOutcome.Ok(ToolResult.FromJson(answer.Json));
        var error = answer["error"];
        return error.IsNothing
            ? result
            : ToolCallOutcome.Failed(new ToolCallError(error["type"].Text ?? "tool_error", error.Text ?? error["message"].Text ?? error.ToString()), result.Result);
    }
}
