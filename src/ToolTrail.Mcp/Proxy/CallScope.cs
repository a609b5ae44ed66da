using ToolTrail.Mcp.Protocol;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// Messages among which a request's id names one request: all of a client over stdio, those of a session over HTTP, or one HTTP request where there are no
/// sessions.
/// </summary>
internal sealed class CallScope
{
    /// <param name="template">What its calls have in common. Without an agent: the client's name.</param>
    public CallScope(ToolCallRecord template) => Template = template;

    /// <summary>What its calls have in common; the session's name may be told later than the scope begins.</summary>
    public ToolCallRecord Template { get; set; }

    /// <summary>The client's name, as <c>initialize</c> told it; later eras say it in each request.</summary>
    public string? ClientName { get; set; }

    /// <summary>A request of this scope.</summary>
    public RequestKey Key(JsonRpcId id) => new(this, id);
}
