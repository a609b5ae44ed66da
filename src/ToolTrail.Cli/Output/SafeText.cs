using System.Globalization;
using System.Text;

namespace ToolTrail.Cli.Output;

/// <summary>
/// Makes text from records harmless to a terminal: what an agent or a tool wrote may hold escape sequences, line ends and marks that
/// reverse the reading direction.
/// </summary>
internal static class SafeText
{
    /// <summary>The text with every invisible or controlling character written as a JSON escape, so that JSON stays the same JSON.</summary>
    public static string Escape(string text)
    {
        var start = FirstUnsafe(text);
        if (start == text.Length)
            return text;
        var safe = new StringBuilder(text, 0, start, text.Length + 16);
        foreach (var rune in text.AsSpan(start).EnumerateRunes())
            Append(safe, rune);
        return safe.ToString();
    }

    private static int FirstUnsafe(string text)
    {
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsSafe(rune))
                break;
            index += rune.Utf16SequenceLength;
        }

        return index;
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Append(StringBuilder safe, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        units = units[..rune.EncodeToUtf16(units)];
        if (IsSafe(rune))
        {
            safe.Append(units);
            return;
        }

        foreach (var unit in units)
        {
            _ = unit switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}"),
            };
        }
    }
}
