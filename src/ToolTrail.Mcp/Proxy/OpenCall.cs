using ToolTrail.Recording;

namespace ToolTrail.Mcp.Proxy;

/// <summary>A call that the server has not answered for good.</summary>
/// <param name="Call">The call, as the recorder knows it.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="IsSelfContained">Whether it was made in the era of 2026-07-28.</param>
internal sealed record OpenCall(ToolCall Call, CallRequest Request, bool IsSelfContained)
{
    /// <summary>What a retry must give back, while the server waits for input.</summary>
    public string? RequestState { get; set; }
}
