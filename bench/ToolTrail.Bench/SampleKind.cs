namespace ToolTrail.Bench;

/// <summary>What the recorded calls look like.</summary>
internal enum SampleKind
{
    /// <summary>About 600 bytes as a stored line; 2 % of its characters need escaping; nothing is cut.</summary>
    Short,

    /// <summary>What agents really produce: nested arguments with a long text in them, and results of 4 KB. Both are cut, so that each has a digest.</summary>
    Agent,
}
