using System.Buffers.Text;

namespace ToolTrail.Records;

/// <summary>
/// What stands in the place of a line that was erased: its leaf hash, in as many bytes as the line had, so that neither the tree nor the position of any other
/// line changes.
/// </summary>
internal static class ErasedLine
{
    private const int HashBytes = 32;
    private const int HashChars = 44;

    /// <summary>Shorter lines have no room for it; no record is that short.</summary>
    public const int LeastBytes = 11 + HashChars + 2;

    private static ReadOnlySpan<byte> Begin => "{\"erased\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Whether a line is one that was erased.</summary>
    public static bool Is(ReadOnlySpan<byte> line) => TryRead(line, stackalloc byte[HashBytes]);

    /// <summary>Reads the leaf hash of the line that was erased.</summary>
    /// <param name="line">Without LF.</param>
    /// <param name="hash">Room for 32 bytes.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, Span<byte> hash)
    {
        if (line.Length < LeastBytes || !line.StartsWith(Begin) || !line[(Begin.Length + HashChars)..].StartsWith(End) || line[LeastBytes..].ContainsAnyExcept((byte)' '))
            return false;
        Span<byte> decoded = stackalloc byte[HashBytes + 1];
        return Base64.DecodeFromUtf8(line.Slice(Begin.Length, HashChars), decoded, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == HashBytes && decoded[..HashBytes].TryCopyTo(hash);
    }

    /// <summary>Puts it in the place of a line.</summary>
    /// <param name="line">The line, without LF, of at least <see cref="LeastBytes"/>.</param>
    /// <param name="hash">Its leaf hash.</param>
    public static void Write(Span<byte> line, ReadOnlySpan<byte> hash)
    {
        line.Fill((byte)' ');
        Begin.CopyTo(line);
        Base64.EncodeToUtf8(hash, line[Begin.Length..], out _, out _);
        End.CopyTo(line[(Begin.Length + HashChars)..]);
    }
}
