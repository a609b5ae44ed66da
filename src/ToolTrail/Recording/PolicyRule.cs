using ToolTrail.Records;

namespace ToolTrail.Recording;

/// <summary>What a policy rule does.</summary>
public enum PolicyEffect
{
    /// <summary>The call may run.</summary>
    Allow,

    /// <summary>The call may not run.</summary>
    Deny,
}

/// <summary>Who may call which tool. Rules are asked in order, the first that matches decides; a call that none matches is allowed.</summary>
public sealed record PolicyRule
{
    /// <summary>The rule's name: what a denied record's <c>reason</c> says.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required PolicyEffect Effect { get; init; }

    /// <summary>Glob over the user; <c>null</c>: any.</summary>
    public string? User { get; init; }

    /// <summary>Glob over the agent; <c>null</c>: any.</summary>
    public string? Agent { get; init; }

    /// <summary>Glob over the tool, also under the name that its MCP server gives it, where the host puts the server's before it; <c>null</c>: any.</summary>
    public string? Tool { get; init; }

    /// <summary>Glob over the MCP server; <c>null</c>: any.</summary>
    public string? Server { get; init; }

    /// <summary>Why, for the one who is refused.</summary>
    public string? Reason { get; init; }

    /// <summary>The first of this rule's globs that keeps it from deciding on a call, e.g. <c>tool</c>; <c>null</c>: it decides.</summary>
    public string? MismatchOf(ToolCallRecord call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return !Glob.IsMatch(User, call.User) ? "user"
            : !Glob.IsMatch(Agent, call.Agent) ? "agent"
            : !ToolNames.IsMatch(Tool, call.Tool, ToolNames.OwnOf(call.Tool, call.Server)) ? "tool"
            : !Glob.IsMatch(Server, call.Server) ? "server"
            : null;
    }
}
