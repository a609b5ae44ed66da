namespace ToolTrail.Fuzz.Targets;

/// <summary>An input that stands for several: form feeds are between them.</summary>
internal static class InputParts
{
    private const byte Separator = (byte)'\f';

    /// <summary>Cuts an input.</summary>
    /// <param name="input">The whole.</param>
    /// <param name="most">How many parts at most; the last one keeps what would make more.</param>
    public static List<byte[]> Of(ReadOnlySpan<byte> input, int most)
    {
        var parts = new List<byte[]>();
        for (int at; parts.Count < most - 1 && (at = input.IndexOf(Separator)) >= 0; input = input[(at + 1)..])
            parts.Add(input[..at].ToArray());
        parts.Add(input.ToArray());
        return parts;
    }
}
