using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>Claude Code, as <c>https://code.claude.com/docs/en/hooks</c> describes its hooks.</summary>
/// <remarks>
/// A person who says no to a permission dialog, a rule that denies, and a tool that there is not fire no hook (<c>PermissionDenied</c> is auto mode's alone):
/// how these calls ended is read from the session's transcript when the agent stops.
/// </remarks>
internal sealed class ClaudeCode : HookHost
{
    /// <inheritdoc/>
    public override string Name => "claude-code";

    /// <inheritdoc/>
    internal override HookEvent Read(JsonElement input, string user)
    {
        var call = Describe(input, user) with { CallId = Text(input, "tool_use_id") };
        return Text(input, "hook_event_name") switch
        {
            "PreToolUse" => new HookEvent.Begins(call),
            "PostToolUse" => new HookEvent.Ends(call, ToolAnswer.Of(input, "tool_response")),
            "PostToolUseFailure" => new HookEvent.Ends(call, FailureOf(input)),
            "PermissionDenied" => new HookEvent.Ends(call, ToolCallOutcome.Denied($"denied by auto mode: {Text(input, "reason")}")),
            "Stop" or "UserPromptSubmit" => new HookEvent.Pauses(call, Text(input, "transcript_path"), IsEnd: false),
            "SessionEnd" => new HookEvent.Pauses(call, Text(input, "transcript_path"), IsEnd: true),
            _ => new HookEvent.Other(),
        };
    }

    /// <inheritdoc/>
    internal override byte[] Refuse(string reason) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject("hookSpecificOutput");
        writer.WriteString("hookEventName", "PreToolUse");
        writer.WriteString("permissionDecision", "deny");
        writer.WriteString("permissionDecisionReason", reason);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    internal override IReadOnlyList<TranscriptCall> ReadTranscript(string path) => ClaudeTranscript.Read(path);

    private static ToolCallOutcome FailureOf(JsonElement input)
    {
        var error = Text(input, "error");
        if (input.TryGetProperty("is_interrupt", out var interrupt) && interrupt.ValueKind == JsonValueKind.True)
            return ToolCallOutcome.Cancelled("interrupted by the user");
        return error?.StartsWith("Command timed out", StringComparison.Ordinal) == true
            ? ToolCallOutcome.TimedOut(error)
            : ToolCallOutcome.Failed(new ToolCallError("tool_error", error), error);
    }
}
