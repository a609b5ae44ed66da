namespace ToolTrail.Integrity;

/// <summary>Which file of a log's tiles.</summary>
/// <param name="Level">Of a tile of hashes: 0 of leaves, each above of the roots of 256 of the one below; <c>null</c>: a bundle of entries.</param>
/// <param name="Index">Which, from 0.</param>
/// <param name="Width">Hashes or entries, 1 to 256.</param>
internal readonly record struct TileName(int? Level, long Index, int Width)
{
    // Of level 8 on a log of less than 2^63 entries has none.
    private const int Levels = 8;

    /// <summary>Whether it can never grow.</summary>
    public bool IsFull => Width == TilePath.FullWidth;

    /// <summary>Whether a log has come that far.</summary>
    /// <param name="size">Its entries.</param>
    public bool IsWithin(long size)
    {
        var there = (Level ?? 0) < Levels ? size >> (8 * (Level ?? 0)) : 0;
        var (full, rest) = Math.DivRem(there, TilePath.FullWidth);
        return Index < full || (Index == full && Width <= rest);
    }
}
