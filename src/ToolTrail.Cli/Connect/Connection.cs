namespace ToolTrail.Cli.Connect;

/// <summary>What is about to be done to a host's configuration.</summary>
/// <param name="File">Absolute path.</param>
/// <param name="Before">Its bytes now; <c>null</c>: it is not there.</param>
/// <param name="After">Its bytes then; <c>null</c>: it goes away again, since it was made here.</param>
/// <param name="Changes">What changes, a line each, for people.</param>
/// <param name="Left">What is left as it is, and why.</param>
internal sealed record Connection(string File, byte[]? Before, byte[]? After, IReadOnlyList<string> Changes, IReadOnlyList<string> Left)
{
    /// <summary>The file in which what was there was kept, if it is brought back from that; <c>null</c>: it is not.</summary>
    public string? Backup { get; init; }

    /// <summary>Whether it is only in part what was put in: somebody changed the rest since.</summary>
    public bool IsChangedSince { get; init; }

    /// <summary>Whether anything changes.</summary>
    public bool IsNone => Changes.Count == 0;
}
