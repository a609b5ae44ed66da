using ToolTrail.Integrity;

namespace ToolTrail.Sealing;

/// <summary>A part's checkpoint in the seal log.</summary>
/// <param name="Index">Of the entry, from 0.</param>
/// <param name="Size">Lines.</param>
/// <param name="Root">The root of their tree.</param>
internal readonly record struct SealReference(long Index, long Size, MerkleHash Root);
