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
    private const string Wrapping = "<untrusted_context>\n";

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
            "AfterTool" => new HookEvent.Ends(call, OutcomeOf(call.Tool, input["tool_response"])),
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

    /// <summary>How a command ended that the host stopped; to the host it is one that went well, and only its text tells.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="text">What it answered.</param>
    /// <returns><c>null</c>: it was not stopped.</returns>
    internal static ToolCallOutcome? StoppedOf(string tool, string? text)
    {
        if (tool != "run_shell_command" || text is null)
            return null;
        text = text.StartsWith(Wrapping, StringComparison.Ordinal) ? text[Wrapping.Length..] : text;
        return text.StartsWith("Command was cancelled by user", StringComparison.Ordinal) ? ToolCallOutcome.Cancelled("interrupted by the user")
            : text.StartsWith("Command was automatically cancelled because it exceeded the timeout", StringComparison.Ordinal) ? ToolCallOutcome.TimedOut("the host's time limit")
            : null;
    }

    private static ToolCallOutcome OutcomeOf(string tool, JsonValue answer)
    {
        if (!answer.IsObject)
            return ToolAnswer.Of(answer);
        var content = answer["llmContent"];
        var result = content.IsThere ? ToolAnswer.Of(content) : ToolCallOutcome.Ok(ToolResult.FromJson(answer.Json));
        if (StoppedOf(tool, content.Text ?? ToolAnswer.Texts(content)) is { } stopped)
            return stopped with { Result = result.Result };
        var error = answer["error"];
        return error.IsNothing
            ? result
            : ToolCallOutcome.Failed(new ToolCallError(error["type"].Text ?? "tool_error", error.Text ?? error["message"].Text ?? error.ToString()), result.Result);
    }
}
