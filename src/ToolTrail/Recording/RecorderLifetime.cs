namespace ToolTrail.Recording;

/// <summary>How long the process of a recorder lives: what it does for the trail beside recording.</summary>
public enum RecorderLifetime
{
    /// <summary>As long as its host, or as long as its input: it looks over the whole home once a minute, and at its end seals all that it recorded.</summary>
    Long,

    /// <summary>
    /// For a call or two, as a host's hook does: it looks over nothing, and at its end signs what it recorded, but seals only what no process has sealed for a
    /// minute. The next one, or whoever sweeps, seals the rest.
    /// </summary>
    Brief,
}
