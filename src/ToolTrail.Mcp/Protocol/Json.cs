using System.Text;
using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>How the proxy reads JSON: forgiving where peers are, and never deeper than it must.</summary>
internal static class Json
{
    // Arguments may be nested as deep as they like: they are skipped, not descended into.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>A reader over one whole JSON value.</summary>
    public static Utf8JsonReader Reader(ReadOnlyMemory<byte> json) => new(json.Span, Options);

    /// <summary>The line without what may stand around a JSON value: byte order mark, white space, line end.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        return line.Trim(" \t\r\n"u8);
    }

    /// <summary>Whether the reader stands on a member of this name, in whichever case: some servers' parsers do not look at it (Go's encoding/json, .NET's for the web).</summary>
    public static bool NameIs(this ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped || !Ascii.IsValid(reader.ValueSpan) ? FoldedNameIs(ref reader, name) : Ascii.EqualsIgnoreCase(reader.ValueSpan, name);

    /// <summary>Whether the reader stands on a member of this name, spelled so.</summary>
    public static bool NameIsExactly(this ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(name);

    /// <summary>A name in one case, as the most forgiving of parsers compares it (Go's folds two letters beyond ASCII too).</summary>
    public static string Fold(string name) => name.ToLowerInvariant().Replace('\u017F', 's').Replace('\u212A', 'k');

    /// <summary>Moves from a member's name over its value.</summary>
    /// <returns>The value's bytes, a part of <paramref name="json"/>, which the reader reads.</returns>
    public static ReadOnlyMemory<byte> ReadValue(this ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>Moves from a member's name over its value.</summary>
    /// <returns>The value, when it is a string.</returns>
    public static string? ReadString(this ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return ReadText(ref reader);
        reader.Skip();
        return null;
    }

    /// <summary>The string that the reader stands on. What is no Unicode in it becomes U+FFFD, or stays escaped.</summary>
    public static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8, or an escaped lone surrogate: the peer gets the bytes as they are, the record something readable.
            return RawText(ref reader);
        }
    }

    /// <summary>The bytes of the token that the reader stands on, as text; of a string without its quotes.</summary>
    public static string RawText(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);

    private static bool FoldedNameIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => Fold(ReadText(ref reader)) == Fold(Encoding.UTF8.GetString(name));
}
