namespace ToolTrail.Recording;

/// <summary>How a record is delivered.</summary>
/// <param name="Mode">What its caller waits for.</param>
/// <param name="OnFailure">What happens to a call whose record cannot be written.</param>
public readonly record struct Delivery(DeliveryMode Mode, FailurePolicy OnFailure)
{
    // Write-ahead implies refusing.
    internal static Delivery Of(DeliveryMode mode, FailurePolicy onFailure) => new(mode, mode == DeliveryMode.WriteAhead ? FailurePolicy.Refuse : onFailure);

    // Whoever is promised more than the configuration says is also told of a failure.
    internal Delivery AtLeast(DeliveryMode atLeast) => atLeast == DeliveryMode.Background
        ? this
        : new Delivery(Mode > atLeast ? Mode : atLeast, FailurePolicy.Refuse);
}
