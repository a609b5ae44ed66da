using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>The calls of a session's last turns, from Claude Code's transcript: JSON lines whose messages hold <c>tool_use</c> and <c>tool_result</c> blocks.</summary>
internal static class ClaudeTranscript
{
    private static readonly string[] Words = ["\"tool_use", "\"tool_result\""];

    /// <summary>Reads them, in order; none where the file cannot be read.</summary>
    public static IReadOnlyList<TranscriptCall> Read(string path) => TranscriptLines.Read(path, Words, static (line, calls) =>
    {
        foreach (var block in line["message"]["content"].Items)
            Take(block, line, calls);
    });

    private static void Take(JsonValue block, JsonValue line, List<TranscriptCall> calls)
    {
        var time = TranscriptLines.TimeOf(line["timestamp"]);
        if (block["type"].Text == "tool_use" && block["id"].Text is { } id && block["name"].Text is { } name)
        {
            calls.Add(new TranscriptCall(id, name, block["input"].Json, null, time));
        }
        else if (block["type"].Text == "tool_result" && block["tool_use_id"].Text is { } answered)
        {
            var index = calls.FindLastIndex(call => call.CallId == answered);
            if (index >= 0)
                calls[index] = calls[index] with { Outcome = OutcomeOf(block, line), Ended = time };
        }
    }

    // Newer versions (2.1) say beside the result who kept a tool from running, older ones in the result's words alone.
    private static ToolCallOutcome OutcomeOf(JsonValue result, JsonValue line)
    {
        var text = result["content"].Text ?? ToolAnswer.Texts(result["content"]);
        if (!result["is_error"].IsTrue)
            return ToolCallOutcome.Ok(text);
        text ??= "";
        var kind = line["toolDenialKind"].Text;
        if (kind is "interrupted" or "cancelled" || text.StartsWith("[Request interrupted by user", StringComparison.Ordinal))
            return ToolCallOutcome.Cancelled("interrupted by the user");
        if (text.StartsWith("The user doesn't want to", StringComparison.Ordinal))
            return kind is null || line["toolDenialBeforeRun"].IsTrue ? ToolCallOutcome.Denied("rejected by a person") : ToolCallOutcome.Cancelled("interrupted by the user");
        if (text.StartsWith("Claude requested permissions to", StringComparison.Ordinal))
            return ClaudeCode.Denied("not permitted, and nobody to ask", text);
        if (kind == "permission-rule" || text.StartsWith("Permission to use", StringComparison.Ordinal))
            return ClaudeCode.Denied("denied by a permission rule", text);
        return text.Contains("No such tool available", StringComparison.Ordinal)
            ? ToolCallOutcome.Failed(new ToolCallError("unknown_tool", text), text)
            : ClaudeCode.Failed(text);
    }
}
