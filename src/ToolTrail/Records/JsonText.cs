using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace ToolTrail.Records;

/// <summary>The text of JSON strings that may be wrong: bad escapes, lone surrogates and invalid UTF-8 become U+FFFD, and nothing throws.</summary>
public static class JsonText
{
    private static readonly SearchValues<byte> OneByte = SearchValues.Create([.. Enumerable.Range(0, 0x80).Select(c => (byte)c).Where(c => c != '\\')]);

    private const char Replacement = '\uFFFD';

    /// <summary>What cannot stand in a JSON string as it is.</summary>
    internal static SearchValues<byte> Stops { get; } = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>What follows the backslash of the escapes that the codec writes, but for <c>\u</c>.</summary>
    internal static SearchValues<byte> ShortEscapes { get; } = SearchValues.Create("\"\\nrtbf"u8);

    /// <summary>Hexadecimal digits.</summary>
    internal static SearchValues<byte> HexDigits { get; } = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>The text of a JSON string.</summary>
    /// <param name="raw">What stands between the quotes, in UTF-8.</param>
    public static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (raw.IndexOf((byte)'\\') < 0)
            return Encoding.UTF8.GetString(raw);
        var text = new char[raw.Length];
        return new string(text, 0, Unescape(raw, text));
    }

    /// <summary>Unescapes into a buffer.</summary>
    /// <param name="raw">What stands between the quotes, in UTF-8.</param>
    /// <param name="output">Room for as many characters as <paramref name="raw"/> has bytes.</param>
    /// <returns>Characters written.</returns>
    internal static int Unescape(ReadOnlySpan<byte> raw, Span<char> output)
    {
        var written = 0;
        while (true)
        {
            var ascii = WidenAscii(raw, output[written..]);
            written += ascii;
            raw = raw[ascii..];
            var escape = raw.IndexOf((byte)'\\');
            if (escape != 0)
                written += Encoding.UTF8.GetChars(escape < 0 ? raw : raw[..escape], output[written..]);
            if (escape < 0)
                return written;
            raw = raw[(escape + 1)..];
            written += UnescapeOne(ref raw, output[written..]);
        }
    }

    /// <summary>Length of a JSON string's text in Unicode code points.</summary>
    internal static long CountEscaped(ReadOnlySpan<byte> raw)
    {
        long count = 0;
        Span<char> unit = stackalloc char[2];
        while (true)
        {
            var escape = raw.IndexOf((byte)'\\');
            count += CountUtf8(escape < 0 ? raw : raw[..escape]);
            if (escape < 0)
                return count;
            raw = raw[(escape + 1)..];
            UnescapeOne(ref raw, unit);
            count++;
        }
    }

    /// <summary>Length of UTF-8 text in Unicode code points; each invalid sequence is one.</summary>
    internal static long CountUtf8(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
            return CountInvalidUtf8(text);
        long count = Encoding.UTF8.GetCharCount(text);
        // Sequences of four bytes are two UTF-16 units and one code point.
        for (int lead; (lead = text.IndexOfAnyInRange((byte)0xF0, (byte)0xF4)) >= 0; text = text[(lead + 4)..])
            count--;
        return count;
    }

    /// <summary>Length of UTF-16 text in Unicode code points; a lone surrogate is one.</summary>
    internal static int CountUtf16(ReadOnlySpan<char> text) => CountUtf16(text, int.MaxValue, out _);

    /// <summary>Finds where the first code points of a text end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">Most code points to look at.</param>
    /// <param name="end">Where they end: never within a surrogate pair.</param>
    /// <returns>Code points up to <paramref name="end"/>.</returns>
    internal static int CountUtf16(ReadOnlySpan<char> text, int limit, out int end)
    {
        var count = 0;
        end = 0;
        while (end < text.Length && count < limit)
        {
            var most = text.Slice(end, Math.Min(text.Length - end, limit - count));
            var plain = most.IndexOfAnyInRange('\uD800', '\uDFFF');
            var take = plain < 0 ? most.Length : plain;
            end += take;
            count += take;
            if (end == text.Length || count == limit)
                break;
            end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length && char.IsLowSurrogate(text[end + 1]) ? 2 : 1;
            count++;
        }

        return count;
    }

    /// <summary>Whether text is valid UTF-8 and has none of the line ends beyond ASCII, which the format escapes.</summary>
    internal static bool HasPlainCharacters(ReadOnlySpan<byte> text)
    {
        if (Ascii.IsValid(text))
            return true;
        // The lead bytes of the three: seldom others' too.
        var mayEndLine = text.IndexOfAny((byte)0xC2, (byte)0xE2);
        return Utf8.IsValid(text) && (mayEndLine < 0
            || (text.IndexOf("\u0085"u8) < 0 && text.IndexOf("\u2028"u8) < 0 && text.IndexOf("\u2029"u8) < 0));
    }

    /// <summary>Whether bytes that may be anything can stand between a JSON string's quotes, and are then as this codec would write them.</summary>
    internal static bool IsPlainString(ReadOnlySpan<byte> raw)
    {
        if (!HasPlainCharacters(raw))
            return false;
        for (int stop; (stop = raw.IndexOfAny(Stops)) >= 0; raw = raw[(stop + 2)..])
        {
            if (raw[stop] != '\\' || stop + 1 == raw.Length || !ShortEscapes.Contains(raw[stop + 1]))
                return false;
        }

        return true;
    }

    /// <summary>Finds where the first code points of a plain JSON string's text end.</summary>
    /// <param name="raw">What stands between the quotes; <see cref="IsPlainString"/>.</param>
    /// <param name="limit">Most code points to look at.</param>
    /// <param name="end">Where they end: never within one, nor within an escape.</param>
    /// <returns>Code points up to <paramref name="end"/>.</returns>
    internal static int CountPlain(ReadOnlySpan<byte> raw, int limit, out int end)
    {
        var count = 0;
        end = 0;
        while (end < raw.Length && count < limit)
        {
            var run = raw[end..].IndexOfAnyExcept(OneByte);
            var take = Math.Min(run < 0 ? raw.Length - end : run, limit - count);
            end += take;
            count += take;
            if (end == raw.Length || count == limit)
                break;
            // An escape, or two to four bytes as the lead byte says.
            end += raw[end] switch { < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
            count++;
        }

        return count;
    }

    // Takes what text begins with of ASCII that is no escape, sixteen bytes at a time, and returns its length. Escapes are often near one another.
    private static int WidenAscii(ReadOnlySpan<byte> raw, Span<char> output)
    {
        var units = MemoryMarshal.Cast<char, ushort>(output);
        for (var at = 0; ; at += Vector128<byte>.Count)
        {
            if (raw.Length - at < Vector128<byte>.Count)
                return at;
            var bytes = Vector128.Create(raw[at..]);
            var (low, high) = Vector128.Widen(bytes);
            low.CopyTo(units[at..]);
            high.CopyTo(units[(at + Vector128<ushort>.Count)..]);
            var stops = (bytes & Vector128.Create((byte)0x80)) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (stops != Vector128<byte>.Zero)
                return at + BitOperations.TrailingZeroCount(stops.ExtractMostSignificantBits());
        }
    }

    private static long CountInvalidUtf8(ReadOnlySpan<byte> text)
    {
        long count = 0;
        for (; !text.IsEmpty; count++)
        {
            Rune.DecodeFromUtf8(text, out _, out var consumed);
            text = text[consumed..];
        }

        return count;
    }

    // Takes what follows a backslash; one code point each time.
    private static int UnescapeOne(ref ReadOnlySpan<byte> raw, scoped Span<char> output)
    {
        if (raw.IsEmpty)
        {
            output[0] = Replacement;
            return 1;
        }

        if (raw[0] == 'u')
        {
            raw = raw[1..];
            return UnescapeUnit(ref raw, output);
        }

        output[0] = (char)raw[0] switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            var plain and ('"' or '\\' or '/') => plain,
            _ => Replacement,
        };
        raw = raw[1..];
        return 1;
    }

    private static int UnescapeUnit(ref ReadOnlySpan<byte> raw, scoped Span<char> output)
    {
        output[0] = Replacement;
        if (!TryHex(raw, out var unit))
            return 1;
        raw = raw[4..];
        if (!char.IsSurrogate(unit))
        {
            output[0] = unit;
        }
        else if (char.IsHighSurrogate(unit) && raw.StartsWith("\\u"u8) && TryHex(raw[2..], out var low) && char.IsLowSurrogate(low))
        {
            (output[0], output[1]) = (unit, low);
            raw = raw[6..];
            return 2;
        }

        return 1;
    }

    private static bool TryHex(ReadOnlySpan<byte> raw, out char unit)
    {
        var valid = raw.Length >= 4 & Utf8Parser.TryParse(raw[..Math.Min(4, raw.Length)], out ushort value, out var read, 'x') && read == 4;
        unit = (char)value;
        return valid;
    }
}
