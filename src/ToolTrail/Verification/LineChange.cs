using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>Says how lines were changed, by the leaf hashes that were signed and those that are there.</summary>
internal static class LineChange
{
    /// <summary>Names the first difference.</summary>
    /// <param name="signed">The leaves that were signed.</param>
    /// <param name="there">The leaves of the lines that are there, and of those behind.</param>
    /// <returns><c>null</c>: what was signed is there.</returns>
    public static Finding? Find(ReadOnlySpan<MerkleHash> signed, ReadOnlySpan<MerkleHash> there)
    {
        var first = signed.CommonPrefixLength(there);
        if (first == signed.Length)
            return null;
        if (first == there.Length)
            return new Finding(FindingKind.Truncated, $"the last {signed.Length - first} of {signed.Length} lines that were signed are gone", new LineRange(first, signed.Length - 1));

        var isLineElsewhere = signed[first..].Contains(there[first]);
        var isSignedElsewhere = there[first..].Contains(signed[first]);
        var line = new LineRange(first, first);
        return (isLineElsewhere, isSignedElsewhere) switch
        {
            (true, true) => new Finding(FindingKind.Reordered, $"line {first} stands in another place than when it was signed", line),
            (true, false) => new Finding(FindingKind.Removed, $"line {first} as it was signed is not there, and those behind it moved up", line),
            (false, true) => new Finding(FindingKind.Inserted, $"line {first} was not there when it was signed, and those behind it moved down", line),
            _ => new Finding(FindingKind.Edited, $"line {first} is not the one that was signed", line),
        };
    }
}
