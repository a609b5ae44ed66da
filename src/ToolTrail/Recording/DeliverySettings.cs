namespace ToolTrail.Recording;

/// <summary>How records are delivered.</summary>
public sealed record DeliverySettings
{
    /// <summary>For tools that no rule names. Default: <see cref="DeliveryMode.Background"/>.</summary>
    public DeliveryMode Mode { get; init; } = DeliveryMode.Background;

    /// <summary>For tools that no rule names. Default: <see cref="FailurePolicy.Continue"/>.</summary>
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Continue;

    /// <summary>How long <see cref="DeliveryMode.Background"/> waits for room in a full queue before the record is counted as lost. 0 to 1 min; default 100 ms.</summary>
    public TimeSpan QueueFullWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Room in the queue, in bytes of encoded lines, over all users. 1 MiB to 1 GiB; default 32 MiB.</summary>
    public long QueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Exceptions by tool. The most specific glob wins: an exact name, else the one with the most literal characters, else the first.</summary>
    public IReadOnlyList<DeliveryRule> Rules { get; init; } = [];

    /// <summary>How a tool's records are delivered.</summary>
    /// <param name="tool">The tool, as the record names it.</param>
    /// <param name="server">Its MCP server; <c>null</c>: not known.</param>
    public Delivery Of(string tool, string? server = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        var rule = Glob.MostSpecific(Rules, rule => rule.Tool, tool, server);
        return Delivery.Of(rule?.Mode ?? Mode, rule?.OnFailure ?? OnFailure);
    }
}
