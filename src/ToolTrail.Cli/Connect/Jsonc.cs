using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Cli.Connect;

/// <summary>A value in a JSON text with comments, by where it stands.</summary>
/// <param name="Name">Of a member: its name; empty for an element.</param>
/// <param name="Begin">Of the first byte of its name, or of the value where it has none.</param>
/// <param name="Start">Of the value's first byte.</param>
/// <param name="End">Behind its last.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct JsoncValue(string Name, int Begin, int Start, int End, JsonTokenType Kind);

/// <summary>Finds values in JSON as people write it in settings: with comments and commas too many. Nothing is changed or lost by looking.</summary>
internal static class Jsonc
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 256 };

    /// <summary>Whether there is nothing in a file. Hosts read such a file as they read none.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> text) => text[StartOf(text)..].Trim(" \t\r\n"u8).IsEmpty;

    /// <summary>The text's one value, an object.</summary>
    /// <exception cref="JsonException">The text is no JSON, or no object.</exception>
    public static JsoncValue Root(ReadOnlySpan<byte> text)
    {
        var start = StartOf(text);
        var reader = new Utf8JsonReader(text[start..], Options);
        reader.Read();
        var root = Here(ref reader, "", (int)reader.TokenStartIndex, start);
        if (root.Kind != JsonTokenType.StartObject)
            throw new JsonException("It is no object.");
        // Nothing may follow.
        while (reader.Read())
        {
        }

        return root;
    }

    /// <summary>The members of an object, or the elements of an array; none of anything else.</summary>
    public static List<JsoncValue> Items(ReadOnlySpan<byte> text, JsoncValue parent)
    {
        List<JsoncValue> items = [];
        if (parent.Kind is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return items;
        var reader = new Utf8JsonReader(text[parent.Start..parent.End], Options);
        reader.Read();
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var (name, begin) = ("", (int)reader.TokenStartIndex);
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = JsonText.Unescape(reader.ValueSpan);
                reader.Read();
            }

            items.Add(Here(ref reader, name, begin, parent.Start));
        }

        return items;
    }

    /// <summary>A member of an object; <c>null</c>: it has none of that name. Of several it is the last, which is the one that hosts read.</summary>
    public static JsoncValue? Member(ReadOnlySpan<byte> text, JsoncValue parent, string name)
    {
        if (parent.Kind != JsonTokenType.StartObject)
            return null;
        var members = Items(text, parent);
        var index = members.FindLastIndex(member => member.Name == name);
        return index < 0 ? null : members[index];
    }

    /// <summary>A member of an object, if it is of a kind; <c>null</c>: it has none of that name, or it is <c>null</c>.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static JsoncValue? Member(ReadOnlySpan<byte> text, JsoncValue parent, string name, JsonTokenType kind)
    {
        var member = Member(text, parent, name);
        if (member is { Kind: JsonTokenType.Null } || member is null || member.Value.Kind == kind)
            return member is { Kind: JsonTokenType.Null } ? null : member;
        throw new JsonException($"Its \"{name}\" is no {(kind == JsonTokenType.StartObject ? "object" : "list")}.");
    }

    /// <summary>The first comma between two places, but for those in comments; <c>null</c>: there is none.</summary>
    public static int? Comma(ReadOnlySpan<byte> text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (text[at] == ',')
                return at;
            if (text[at] != '/')
                continue;
            var end = text[at..].IndexOf(text[at + 1] == '*' ? "*/"u8 : "\n"u8);
            at = end < 0 ? to : at + end;
        }

        return null;
    }

    /// <summary>A string's text; <c>null</c>: it is none.</summary>
    public static string? Text(ReadOnlySpan<byte> text, JsoncValue? value)
    {
        if (value is not { Kind: JsonTokenType.String } found)
            return null;
        var reader = new Utf8JsonReader(text[found.Start..found.End], Options);
        reader.Read();
        return JsonText.Unescape(reader.ValueSpan);
    }

    private static int StartOf(ReadOnlySpan<byte> text) => text.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;

    private static JsoncValue Here(ref Utf8JsonReader reader, string name, int begin, int offset)
    {
        var (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
        reader.Skip();
        return new JsoncValue(name, offset + begin, offset + start, offset + (int)reader.BytesConsumed, kind);
    }
}
