using ToolTrail.Integrity;

namespace ToolTrail.Sealing;

/// <summary>The seal log's newest checkpoint: all that somebody outside has to remember.</summary>
/// <param name="Note">As it is signed.</param>
/// <param name="Checkpoint">What it says.</param>
public sealed record SealHead(SignedNote Note, Checkpoint Checkpoint);
