namespace ToolTrail.Home;

/// <summary>How others can see that the trail was not changed.</summary>
public sealed record IntegritySettings
{
    /// <summary>Whether what is recorded is signed and sealed. Default: yes. Read when a recorder is opened.</summary>
    public bool Seal { get; init; } = true;

    /// <summary>Absolute path of the signing key; <c>null</c> (default): in the home. Read when a recorder is opened.</summary>
    public string? SigningKey { get; init; }
}
