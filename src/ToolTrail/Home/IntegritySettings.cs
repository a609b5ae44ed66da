namespace ToolTrail.Home;

/// <summary>How others can see that the trail was not changed.</summary>
public sealed record IntegritySettings
{
    /// <summary>Who cosigns the heads of the seal log. Default: nobody.</summary>
    public IReadOnlyList<WitnessSettings> Witnesses { get; init; } = [];
}
