using System.Buffers.Text;

namespace ToolTrail.Records;

/// <summary>A growing buffer for one line: bytes as they are, and text as JSON strings write it. One thread at a time; kept and used again.</summary>
internal sealed class LineBuffer
{
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
    public void WriteText(ReadOnlySpan<char> text) => Length += EscapedText.Write(text, Reserve(EscapedText.Room(text.Length)));

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
}
