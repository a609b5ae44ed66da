using System.Text;
using System.Text.Json;

namespace ToolTrail.Cli.Connect;

/// <summary>A value in a JSON text with comments, by where it stands.</summary>
/// <param name="Name">Of a member: its name; empty for an element.</param>
/// <param name="Start">Of the value's first byte.</param>
/// <param name="End">Behind its last.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct JsoncValue(string Name, int Start, int End, JsonTokenType Kind);

/// <summary>Finds values in JSON as people write it in settings: with comments and commas too many. Nothing is changed or lost by looking.</summary>
internal static class Jsonc
{
    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 256 };

    /// <summary>The text's one value.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsoncValue Root(ReadOnlySpan<byte> text)
    {
        var start = text.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(text[start..], Options);
        reader.Read();
        var root = Here(ref reader, "", start);
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
            var name = "";
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
                reader.Read();
            }

            items.Add(Here(ref reader, name, parent.Start));
        }

        return items;
    }

    /// <summary>A member of an object; <c>null</c>: it has none of that name.</summary>
    public static JsoncValue? Member(ReadOnlySpan<byte> text, JsoncValue parent, string name)
    {
        foreach (var member in Items(text, parent))
        {
            if (parent.Kind == JsonTokenType.StartObject && member.Name == name)
                return member;
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
        return reader.GetString();
    }

    private static JsoncValue Here(ref Utf8JsonReader reader, string name, int offset)
    {
        var (start, kind) = ((int)reader.TokenStartIndex, reader.TokenType);
        reader.Skip();
        return new JsoncValue(name, offset + start, offset + (int)reader.BytesConsumed, kind);
    }
}
