namespace ToolTrail.Records;

/// <summary>A word that <see cref="WordSearch"/> looks for.</summary>
/// <param name="Text">The word, not empty.</param>
/// <param name="Kind">What it tells.</param>
internal sealed record Word(string Text, WordKinds Kind);

/// <summary>What words tell.</summary>
[Flags]
internal enum WordKinds
{
    /// <summary>No word.</summary>
    None = 0,

    /// <summary>Part of a name whose value is secret.</summary>
    Name = 1,

    /// <summary>The beginning of a secret's shape.</summary>
    Shape = 2,
}
