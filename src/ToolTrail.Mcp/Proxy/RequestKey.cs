using ToolTrail.Mcp.Protocol;

namespace ToolTrail.Mcp.Proxy;

/// <summary>Names a request.</summary>
internal readonly record struct RequestKey(CallScope Scope, JsonRpcId Id);
