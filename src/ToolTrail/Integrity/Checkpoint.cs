using System.Globalization;

namespace ToolTrail.Integrity;

/// <summary>What a log was at one moment (C2SP tlog-checkpoint): the text of a note that its key signs.</summary>
/// <param name="Origin">Which log: not empty, no LF.</param>
/// <param name="Size">Leaves.</param>
/// <param name="Root">The root of its tree.</param>
public sealed record Checkpoint(string Origin, long Size, MerkleHash Root)
{
    /// <summary>Reads a checkpoint.</summary>
    /// <param name="text">A note's text.</param>
    /// <exception cref="IntegrityFormatException">It is none. Extension lines, which no log of ours has, are refused too.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('\n') is not [{ Length: > 0 } origin, var size, var root, ""])
            throw new IntegrityFormatException("A checkpoint has three lines: origin, size, root.");
        return new Checkpoint(origin, ParseSize(size), Base64Text.DecodeHash(root, "The root of the checkpoint"));
    }

    /// <summary>The note's text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");

    /// <exception cref="IntegrityFormatException">It is not a number from 0 to 2^63-1 in its shortest form.</exception>
    internal static long ParseSize(string text)
    {
        var isShort = text is "0" || (text.Length > 0 && text[0] != '0');
        return isShort && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new IntegrityFormatException("A size or an index is a decimal number without leading zeros.");
    }
}
