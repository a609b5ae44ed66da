namespace ToolTrail.Records;

/// <summary>
/// A value that a listed name is given inside a text, as shells, headers, URLs and JSON within strings write it:
/// <c>PASSWORD=x</c>, <c>"secret": "x"</c>, <c>Authorization: Bearer x</c>, <c>--token x</c>.
/// </summary>
internal static class SecretAssignment
{
    /// <summary>Looks at the name around a hit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hit">Where a listed word stands.</param>
    /// <param name="seen">Nothing before it is looked at.</param>
    /// <param name="names">The listed names.</param>
    /// <param name="next">Where to go on looking when nothing was found.</param>
    /// <returns>The value; empty when there is none.</returns>
    public static TextRange Match(ReadOnlySpan<char> text, int hit, int seen, SecretNames names, out int next)
    {
        var start = hit;
        while (start > seen && hit - start < SecretNames.LongestName && IsNameCharacter(text[start - 1]))
            start--;
        var end = hit;
        while (end < text.Length && end - start <= SecretNames.LongestName && IsNameCharacter(text[end]))
            end++;
        next = Math.Max(end, hit + 1);

        // Cheaper than looking the name up, and enough for most words of a text.
        var name = text[start..end];
        if ((name[0] != '-' && !IsAssigned(text, end, out _)) || !names.Contains(name))
            return default;
        return name[0] == '-' && OptionValue(text, end) is { IsEmpty: false } option ? option : AssignedValue(text, end, name);
    }

    private static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';

    // --token x, --token "x"; what follows must not be the next option.
    private static TextRange OptionValue(ReadOnlySpan<char> text, int end)
    {
        var value = SkipBlanks(text, end);
        if (value == end || value == text.Length || text[value] is '-' or '=' or ':' || char.IsWhiteSpace(text[value]))
            return default;
        return Value(text, value, toLineEnd: false);
    }

    private static TextRange AssignedValue(ReadOnlySpan<char> text, int end, ReadOnlySpan<char> name)
    {
        if (!IsAssigned(text, end, out var sign))
            return default;
        var at = sign;
        while (at < text.Length && at - sign < 3 && text[at] is '=' or ':' or '>')
            at++;
        at = SkipBlanks(text, at);
        if (at == text.Length)
            return default;

        // A header's value is all that follows on its line; its scheme ("Bearer") goes with it.
        var header = text[sign] == ':' && sign == end
            && (name.Contains("authorization", StringComparison.OrdinalIgnoreCase) || name.Contains("cookie", StringComparison.OrdinalIgnoreCase));
        return Value(text, at, header);
    }

    private static bool IsAssigned(ReadOnlySpan<char> text, int end, out int sign)
    {
        sign = SkipBlanks(text, SkipQuote(text, end));
        return sign < text.Length && text[sign] is '=' or ':';
    }

    private static TextRange Value(ReadOnlySpan<char> text, int start, bool toLineEnd)
    {
        // A backslash before the opening quote: JSON inside of JSON.
        var slashes = 0;
        while (start + slashes < text.Length && text[start + slashes] == '\\')
            slashes++;
        var open = start + slashes;
        if (open < text.Length && text[open] is '"' or '\'' or '`')
            return new TextRange(open + 1, ClosingQuote(text, open, slashes));
        if (text[start] is '{' or '[')
            return new TextRange(start, ClosingBracket(text, start));

        var end = start;
        while (end < text.Length && !EndsValue(text[end], toLineEnd))
            end++;
        while (toLineEnd && end > start && (char.IsWhiteSpace(text[end - 1]) || text[end - 1] == '\\'))
            end--;
        return new TextRange(start, end);
    }

    private static bool EndsValue(char c, bool toLineEnd) => toLineEnd
        ? c is '\r' or '\n' or '"' or '\'' or '`'
        : char.IsWhiteSpace(c) || c is '"' or '\'' or '`' or '&' or ';' or '|' or '<' or '>' or ')' or '}' or ']';

    // Ends at the first same quote with at most as many backslashes before it as the opening one had; at the text's end if there is none.
    private static int ClosingQuote(ReadOnlySpan<char> text, int open, int slashes)
    {
        var run = 0;
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                run++;
                continue;
            }

            if (text[i] == text[open] && (slashes == 0 ? run % 2 == 0 : run <= slashes))
                return i - (slashes == 0 ? 0 : run);
            run = 0;
        }

        return text.Length;
    }

    private static int ClosingBracket(ReadOnlySpan<char> text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] is '"')
                i = ClosingQuote(text, i, 0);
            else if (text[i] is '{' or '[')
                depth++;
            else if (text[i] is '}' or ']' && --depth == 0)
                return i + 1;
        }

        return text.Length;
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    private static int SkipQuote(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] == '\\')
            at++;
        return at < text.Length && text[at] is '"' or '\'' or '`' ? at + 1 : at;
    }
}
