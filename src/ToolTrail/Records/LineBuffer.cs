using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace ToolTrail.Records;

/// <summary>A growing buffer for one line: bytes as they are, and text as JSON strings write it. One thread at a time; kept and used again.</summary>
internal sealed class LineBuffer
{
    // The line ends beyond ASCII that some readers know.
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\u0085\u2028\u2029");

    // Where a run of characters beyond ASCII ends that stand for themselves.
    private static readonly SearchValues<char> BehindOthers = SearchValues.Create([.. Enumerable.Range(0, 0x80).Select(c => (char)c), '\u0085', '\u2028', '\u2029']);

    private byte[] _bytes = new byte[4096];

    /// <summary>Bytes written. Set back to take back what was written behind.</summary>
    public int Length { get; set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Writes bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes one byte.</summary>
    public void Write(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>Room for bytes that the caller writes and then adds to <see cref="Length"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Writes a number.</summary>
    public void Write(long value)
    {
        value.TryFormat(Reserve(20), out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes a finite number in the shortest form that reads back the same.</summary>
    public void Write(double value)
    {
        // Of numbers with at most 15 digits no two are the same double, so that one of four decimals that reads back is the shortest form too.
        var tenThousandths = Math.Round(value * 10_000);
        if (tenThousandths is >= 1 and < 1e15 && tenThousandths / 10_000 == value)
        {
            var (whole, rest) = Math.DivRem((long)tenThousandths, 10_000);
            Write(whole);
            if (rest > 0)
                WriteDecimals((int)rest);
            return;
        }

        Utf8Formatter.TryFormat(value, Reserve(40), out var written);
        Length += written;
    }

    /// <summary>Writes text within a JSON string; a lone surrogate becomes U+FFFD.</summary>
    public void WriteText(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text[WritePlain(text)..];
            if (text.IsEmpty)
                return;
            if (char.IsAscii(text[0]) || LineEnds.Contains(text[0]))
            {
                WriteEscape(text[0]);
                text = text[1..];
                continue;
            }

            var end = text.IndexOfAny(BehindOthers);
            var others = end < 0 ? text : text[..end];
            Utf8.FromUtf16(others, Reserve(others.Length * 3), out _, out var written);
            Length += written;
            text = text[others.Length..];
        }
    }

    // Writes what the text begins with of ASCII that stands for itself, and returns its length.
    private int WritePlain(ReadOnlySpan<char> text)
    {
        var output = Reserve(text.Length + Vector128<byte>.Count);
        var units = MemoryMarshal.Cast<char, ushort>(text);
        var at = 0;
        for (; units.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            // Above ASCII is negative here.
            var bytes = Vector128.NarrowWithSaturation(Vector128.Create(units[at..]), Vector128.Create(units[(at + Vector128<ushort>.Count)..]));
            bytes.CopyTo(output[at..]);
            var stops = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
                | Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (stops == Vector128<byte>.Zero)
                continue;
            at += BitOperations.TrailingZeroCount(stops.ExtractMostSignificantBits());
            Length += at;
            return at;
        }

        for (; at < text.Length && text[at] is >= ' ' and not '"' and not '\\' && char.IsAscii(text[at]); at++)
            output[at] = (byte)text[at];
        Length += at;
        return at;
    }

    private void WriteDecimals(int tenThousandths)
    {
        var digits = Reserve(5);
        digits[0] = (byte)'.';
        var length = 1;
        for (var unit = 1000; tenThousandths > 0; unit /= 10)
        {
            digits[length++] = (byte)('0' + (tenThousandths / unit));
            tenThousandths %= unit;
        }

        Length += length;
    }

    private void WriteEscape(char c)
    {
        switch (c)
        {
            case '"':
                Write("\\\""u8);
                break;
            case '\\':
                Write("\\\\"u8);
                break;
            case '\n':
                Write("\\n"u8);
                break;
            case '\r':
                Write("\\r"u8);
                break;
            case '\t':
                Write("\\t"u8);
                break;
            case '\b':
                Write("\\b"u8);
                break;
            case '\f':
                Write("\\f"u8);
                break;
            default:
                var escape = Reserve(6);
                "\\u"u8.CopyTo(escape);
                ((int)c).TryFormat(escape[2..], out _, "x4", System.Globalization.CultureInfo.InvariantCulture);
                Length += 6;
                break;
        }
    }
}
