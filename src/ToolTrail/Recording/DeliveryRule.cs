namespace ToolTrail.Recording;

/// <summary>How the records of some tools are delivered.</summary>
public sealed record DeliveryRule
{
    /// <summary>Glob over the tool's name.</summary>
    public required string Tool { get; init; }

    /// <summary>Their mode; <c>null</c>: the default one.</summary>
    public DeliveryMode? Mode { get; init; }

    /// <summary>Their failure policy; <c>null</c>: the default one.</summary>
    public FailurePolicy? OnFailure { get; init; }
}
