using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace ToolTrail.Records;

/// <summary>Text as JSON strings write it, in UTF-8.</summary>
internal static class EscapedText
{
    // Sixteen bytes are stored at once, whether all of them are kept or not.
    private const int Step = 16;

    /// <summary>Room that <see cref="Write"/> needs for a text of so many UTF-16 units.</summary>
    public static int Room(int units) => (6 * units) + Step;

    /// <summary>Writes a text; a lone surrogate becomes U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="output">At least <see cref="Room"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<byte> output)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        var (at, written) = (0, 0);
        while (at < units.Length)
        {
            var plain = 0;
            if (units.Length - at >= Step)
            {
                // Above ASCII is negative here.
                var bytes = Vector128.NarrowWithSaturation(Vector128.Create(units[at..]), Vector128.Create(units[(at + (Step / 2))..]));
                bytes.CopyTo(output[written..]);
                var stops = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
                    | Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
                plain = BitOperations.TrailingZeroCount(stops.ExtractMostSignificantBits() | (1u << Step));
            }
            else
            {
                for (; at + plain < text.Length && text[at + plain] is >= ' ' and < (char)0x80 and not '"' and not '\\'; plain++)
                    output[written + plain] = (byte)text[at + plain];
            }

            at += plain;
            written += plain;
            if (plain < Step && at < text.Length)
                written += WriteOthers(text, ref at, output[written..]);
        }

        return written;
    }

    // At least one character, and those beyond ASCII that follow it: they seldom come alone.
    private static int WriteOthers(ReadOnlySpan<char> text, ref int at, Span<byte> output)
    {
        var written = 0;
        do
            written += WriteOne(text, ref at, output[written..]);
        while (at < text.Length && text[at] >= 0x80);
        return written;
    }

    private static int WriteOne(ReadOnlySpan<char> text, ref int at, Span<byte> output)
    {
        var c = text[at++];
        switch (c)
        {
            case '"' or '\\':
                return WriteShort(output, (byte)c);
            case '\n':
                return WriteShort(output, (byte)'n');
            case '\r':
                return WriteShort(output, (byte)'r');
            case '\t':
                return WriteShort(output, (byte)'t');
            case '\b':
                return WriteShort(output, (byte)'b');
            case '\f':
                return WriteShort(output, (byte)'f');
            case < ' ' or '\u0085' or '\u2028' or '\u2029':
                // JSON's own, and the line ends beside LF that some readers know.
                "\\u"u8.CopyTo(output);
                ((int)c).TryFormat(output[2..], out _, "x4", System.Globalization.CultureInfo.InvariantCulture);
                return 6;
            case < (char)0x800:
                output[1] = (byte)(0x80 | (c & 0x3F));
                output[0] = (byte)(0xC0 | (c >> 6));
                return 2;
            default:
                Rune.DecodeFromUtf16(text[(at - 1)..], out var rune, out var units);
                at += units - 1;
                return rune.EncodeToUtf8(output);
        }
    }

    private static int WriteShort(Span<byte> output, byte letter)
    {
        output[1] = letter;
        output[0] = (byte)'\\';
        return 2;
    }
}
