using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>What tells one call from others: the retry with the requested input repeats all of it.</summary>
/// <param name="User">On whose behalf. It is the policy's affair, so that nobody goes on with another one's call.</param>
/// <param name="Agent">The agent's name; the same holds of it.</param>
/// <param name="Session">The session; <c>null</c>: there are none.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="ArgumentsHash">Hash of the arguments' bytes.</param>
internal sealed record CallRequest(string User, string? Agent, string? Session, string Tool, int ArgumentsHash)
{
    /// <summary>Of a call.</summary>
    public static CallRequest Of(ToolCallRecord call)
    {
        var hash = new HashCode();
        hash.AddBytes(call.Arguments.Span);
        return new CallRequest(call.User, call.Agent, call.Session, call.Tool, hash.ToHashCode());
    }
}
