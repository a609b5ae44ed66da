using ToolTrail.Integrity;

namespace ToolTrail.Home;

/// <summary>A witness (C2SP tlog-witness): somebody elsewhere who cosigns a head of the seal log if it goes on from the one before.</summary>
public sealed record WitnessSettings
{
    /// <summary>Its submission prefix, to which <c>/add-checkpoint</c> is appended: https, or http on loopback.</summary>
    public required Uri Url { get; init; }

    /// <summary>The key that it cosigns with.</summary>
    public required WitnessKey Key { get; init; }
}
