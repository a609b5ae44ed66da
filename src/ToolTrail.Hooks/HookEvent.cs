using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>What a host's hook tells.</summary>
internal abstract record HookEvent
{
    /// <summary>Nothing that the trail is about.</summary>
    public sealed record Other : HookEvent;

    /// <summary>A tool is about to run.</summary>
    /// <param name="Call">The call.</param>
    public sealed record Begins(ToolCallRecord Call) : HookEvent;

    /// <summary>A call has ended, or does not take place.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Outcome">How it ended.</param>
    public sealed record Ends(ToolCallRecord Call, ToolCallOutcome Outcome) : HookEvent;

    /// <summary>The host waits for its user, or ends: what has no outcome by now gets none from its hooks.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="Transcript">Absolute path of the host's own record of the session.</param>
    /// <param name="IsEnd">Whether the session is over.</param>
    public sealed record Pauses(ToolCallRecord Session, string? Transcript, bool IsEnd) : HookEvent;
}
