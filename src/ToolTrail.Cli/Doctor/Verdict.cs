namespace ToolTrail.Cli.Doctor;

/// <summary>How a thing is.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Works, and is worth knowing.</summary>
    Note,

    /// <summary>Wrong: records are or will be lost, or can be read by others.</summary>
    Wrong,
}
