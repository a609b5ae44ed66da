using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>Names for agent sessions that have none, because their history is kept on this machine.</summary>
internal static class SessionIds
{
    private static readonly ConditionalWeakTable<AgentSession, string> Names = [];

    /// <summary>The session's name: one for as long as the object lives.</summary>
    public static string? Of(AgentSession? session) => session is null ? null : Names.GetValue(session, _ => Guid.CreateVersion7().ToString());
}
