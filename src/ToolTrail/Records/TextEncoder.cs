namespace ToolTrail.Records;

/// <summary>Brings one text after the other into the line: redacted, then cut by code points, then escaped. One thread at a time.</summary>
internal sealed class TextEncoder
{
    /// <summary>
    /// How much of a text is looked at, in UTF-16 units or bytes: more than any limit keeps, so that memory and time stay bounded. What lies
    /// behind it is only counted, and never written.
    /// </summary>
    private const int Window = 128 * 1024;

    private const string Marker = " …[";
    private const string MarkerEnd = " chars total]";

    private readonly List<TextRange> _found = [];
    private char[] _text = new char[1024];
    private char[] _redacted = [];

    /// <summary>The line.</summary>
    public LineBuffer Line { get; } = new();

    /// <summary>How the codec finds secrets.</summary>
    public required SecretFinder Secrets { get; set; }

    /// <summary>Writes the text of a JSON string in UTF-8, as it stands between its quotes.</summary>
    /// <param name="raw">The text.</param>
    /// <param name="limit">Code points kept.</param>
    /// <param name="secrets">Whether secrets in it are looked for.</param>
    /// <param name="plain">Whether it is known to stand there as the codec would write it (<see cref="JsonText.IsPlainString"/>).</param>
    /// <returns>What was done to it.</returns>
    public TextChange WriteEscapedCut(ReadOnlySpan<byte> raw, int limit, bool secrets, bool plain)
    {
        plain &= !raw.EndsWith("chars total]"u8);
        if (plain && !(secrets && Secrets.MayFindIn(raw)))
            return WritePlainCut(raw, limit);
        var text = Unescape(raw);
        if (plain && !HasSecrets(text))
            return WritePlainCut(raw, limit);
        return Write(text, raw.Length <= Window ? null : JsonText.CountEscaped(raw), limit, secrets, marker: true);
    }

    // Of what needs neither another escaping nor redaction, the bytes themselves are kept.
    private TextChange WritePlainCut(ReadOnlySpan<byte> raw, int limit)
    {
        // No code point is less than a byte: most texts need no counting.
        var end = raw.Length;
        var count = raw.Length <= limit ? 0 : JsonText.CountPlain(raw, limit, out end);
        Line.Write(raw[..end]);
        if (end == raw.Length)
            return TextChange.None;
        Line.WriteText(Marker);
        Line.Write(count + JsonText.CountPlain(raw[end..], int.MaxValue, out _));
        Line.WriteText(MarkerEnd);
        return TextChange.Cut;
    }

    /// <summary>Writes a text, quotes not included, cut with a marker that says how long it was.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">Code points kept.</param>
    /// <param name="secrets">Whether secrets in it are looked for.</param>
    /// <returns>What was done to it.</returns>
    public TextChange WriteCut(ReadOnlySpan<char> text, int limit, bool secrets) => text.Length <= Window
        ? Write(text, null, limit, secrets, marker: true)
        : Write(text[..Window], JsonText.CountUtf16(text), limit, secrets, marker: true);

    /// <summary>Writes UTF-8 text.</summary>
    /// <inheritdoc cref="WriteCut(ReadOnlySpan{char}, int, bool)"/>
    public TextChange WriteUtf8Cut(ReadOnlySpan<byte> utf8, int limit) =>
        Write(Transcode(utf8), utf8.Length <= Window ? null : JsonText.CountUtf8(utf8), limit, secrets: true, marker: true);

    /// <summary>Writes a result's first code points, without a marker.</summary>
    /// <param name="result">The whole result.</param>
    /// <param name="limit">Code points kept.</param>
    /// <returns>What was done to it.</returns>
    public TextChange WriteSnippet(ToolResult result, int limit)
    {
        if (result.Text is { } text)
            return Write(text.AsSpan(0, Math.Min(text.Length, Window)), text.Length <= Window ? null : text.Length, limit, secrets: true, marker: false);
        var utf8 = result.Bytes(out var escaped);
        var start = utf8[..Math.Min(utf8.Length, Window)];
        if (escaped && JsonText.IsPlainString(start) && !Secrets.MayFindIn(start))
        {
            JsonText.CountPlain(start, limit, out var end);
            Line.Write(start[..end]);
            return end == utf8.Length ? TextChange.None : TextChange.Cut;
        }

        return Write(escaped ? Unescape(utf8) : Transcode(utf8), utf8.Length <= Window ? null : utf8.Length, limit, secrets: true, marker: false);
    }

    /// <summary>The text of a JSON string; valid until the next call.</summary>
    public ReadOnlySpan<char> Unescape(ReadOnlySpan<byte> raw)
    {
        raw = raw[..Math.Min(raw.Length, Window)];
        Grow(ref _text, raw.Length);
        return _text.AsSpan(0, JsonText.Unescape(raw, _text));
    }

    private ReadOnlySpan<char> Transcode(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8[..Math.Min(utf8.Length, Window)];
        Grow(ref _text, utf8.Length);
        return _text.AsSpan(0, System.Text.Encoding.UTF8.GetChars(utf8, _text));
    }

    // total: the whole's length, in code points where a marker tells it, when `text` is only its beginning.
    private TextChange Write(ReadOnlySpan<char> text, long? total, int limit, bool secrets, bool marker)
    {
        var whole = text;
        var change = secrets && Redact(ref text) ? TextChange.Redacted : TextChange.None;
        // No code point is more than two units and none less than one: most texts need no counting.
        var end = text.Length;
        if (text.Length > limit)
            JsonText.CountUtf16(text, limit, out end);
        if (end == text.Length && total is null)
        {
            Line.WriteText(text);
            return change;
        }

        if (!marker)
        {
            Line.WriteText(text[..end]);
            return change | TextChange.Cut;
        }

        var length = total ?? JsonText.CountUtf16(whole);
        if (length <= limit + 40 && IsMarked(text, end))
        {
            // Cut by a recorder elsewhere: it stays as it is.
            Line.WriteText(text);
            return change;
        }

        Line.WriteText(text[..end]);
        Line.WriteText(Marker);
        Line.Write(length);
        Line.WriteText(MarkerEnd);
        return change | TextChange.Cut;
    }

    private static bool IsMarked(ReadOnlySpan<char> text, int end)
    {
        var at = text.LastIndexOf(Marker);
        if (at < 0 || at > end || !text.EndsWith(MarkerEnd, StringComparison.Ordinal))
            return false;
        var number = text[(at + Marker.Length)..^MarkerEnd.Length];
        return number.Length is > 0 and <= 19 && !number.ContainsAnyExceptInRange('0', '9');
    }

    private bool HasSecrets(ReadOnlySpan<char> text)
    {
        Secrets.Find(text, _found);
        return _found.Count > 0;
    }

    private bool Redact(ref ReadOnlySpan<char> text)
    {
        if (!HasSecrets(text))
            return false;

        Grow(ref _redacted, text.Length + (_found.Count * SecretFinder.Mark.Length));
        var (read, written, changed) = (0, 0, false);
        foreach (var range in _found)
        {
            text[read..range.Start].CopyTo(_redacted.AsSpan(written));
            written += range.Start - read;
            SecretFinder.Mark.CopyTo(_redacted.AsSpan(written));
            written += SecretFinder.Mark.Length;
            changed |= !text[range.Start..range.End].SequenceEqual(SecretFinder.Mark);
            read = range.End;
        }

        text[read..].CopyTo(_redacted.AsSpan(written));
        written += text.Length - read;
        text = _redacted.AsSpan(0, written);
        return changed;
    }

    private static void Grow(ref char[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new char[Math.Max(length, buffer.Length * 2)];
    }
}

/// <summary>What was done to a text on its way into the line.</summary>
[Flags]
internal enum TextChange
{
    None = 0,
    Cut = 1,
    Redacted = 2,
}
