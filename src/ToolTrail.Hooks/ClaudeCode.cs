using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>Claude Code, as <c>https://code.claude.com/docs/en/hooks</c> describes its hooks.</summary>
/// <remarks>
/// A person who says no to a permission dialog, a rule that denies, and a tool that there is not fire no hook (<c>PermissionDenied</c> is auto mode's alone):
/// how these calls ended is read from the transcript when the agent, or a subagent with a transcript of its own, stops.
/// </remarks>
internal sealed class ClaudeCode : HookHost
{
    /// <inheritdoc/>
    public override string Name => "claude-code";

    /// <inheritdoc/>
    internal override string BeginEvent => "PreToolUse";

    /// <inheritdoc/>
    internal override HookEvent Read(JsonValue input, string user)
    {
        var call = Describe(input, user) with { CallId = input["tool_use_id"].Text };
        var transcript = input["transcript_path"].Text;
        return input[EventMember].Text switch
        {
            "PreToolUse" => new HookEvent.Begins(call),
            "PostToolUse" => new HookEvent.Ends(call, OutcomeOf(input["tool_response"])),
            "PostToolUseFailure" => new HookEvent.Ends(call, FailureOf(input)),
            "PermissionDenied" => new HookEvent.Ends(call, Denied("denied by auto mode", input["reason"].Text)),
            "Stop" or "UserPromptSubmit" => new HookEvent.Pauses(call, transcript, IsEnd: false),
            "SubagentStop" => new HookEvent.Pauses(call, input["agent_transcript_path"].Text ?? transcript, IsEnd: false),
            "SessionEnd" => new HookEvent.Pauses(call, transcript, IsEnd: true),
            _ => new HookEvent.Other(),
        };
    }

    /// <inheritdoc/>
    internal override byte[] Refuse(string reason) => JsonValue.Write(writer =>
    {
        writer.WriteStartObject("hookSpecificOutput");
        writer.WriteString("hookEventName", BeginEvent);
        writer.WriteString("permissionDecision", "deny");
        writer.WriteString("permissionDecisionReason", reason);
        writer.WriteEndObject();
    });

    /// <inheritdoc/>
    internal override IReadOnlyList<TranscriptCall> ReadTranscript(string path) => ClaudeTranscript.Read(path);

    /// <summary>A denial, with the host's own words: they quote the call, so the level decides on them, not the reason that is always recorded.</summary>
    internal static ToolCallOutcome Denied(string by, string? words) =>
        ToolCallOutcome.Denied(by) with { Error = words is null ? null : new ToolCallError("permission_denied", words) };

    /// <summary>A call that the host says has failed, in words that hold the tool's output.</summary>
    internal static ToolCallOutcome Failed(string? words) =>
        words?.Split('\n').Any(line => line.StartsWith("Command timed out", StringComparison.Ordinal)) == true
            ? ToolCallOutcome.TimedOut("the host's time limit") with { Error = new ToolCallError("timeout", words) }
            : ToolCallOutcome.Failed(new ToolCallError("tool_error", words), words);

    // A command that took too long may go on behind the conversation.
    private static ToolCallOutcome OutcomeOf(JsonValue answer) => answer["timedOutAfterMs"].IsNothing
        ? ToolAnswer.Of(answer)
        : ToolCallOutcome.TimedOut("the host's time limit; it went on in the background") with { Result = ToolAnswer.Of(answer).Result };

    private static ToolCallOutcome FailureOf(JsonValue input) =>
        input["is_interrupt"].IsTrue ? ToolCallOutcome.Cancelled("interrupted by the user") : Failed(input["error"].Text);
}
