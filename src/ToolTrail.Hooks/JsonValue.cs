using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>
/// A value in JSON that others wrote. It is looked at one level at a time, so it may nest as deep as it likes; text that is none (lone surrogates, invalid
/// UTF-8) reads with U+FFFD, and of members of one name the last counts. Only <see cref="Parse"/> throws. Not safe for use by several threads.
/// </summary>
internal sealed class JsonValue
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };
    private static readonly JsonValue None = new(default);

    private Dictionary<string, JsonValue>? _members;

    private JsonValue(ReadOnlyMemory<byte> json) => Json = json;

    /// <summary>Its own bytes; empty: it is not there.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Whether it is there.</summary>
    public bool IsThere => Json.Length > 0;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => Json.Span.StartsWith("{"u8);

    /// <summary>Whether it is an array.</summary>
    public bool IsArray => Json.Span.StartsWith("["u8);

    /// <summary>Whether it is <c>true</c>.</summary>
    public bool IsTrue => Json.Span.SequenceEqual("true"u8);

    /// <summary>Whether it says nothing: not there, <c>null</c> or <c>false</c>.</summary>
    public bool IsNothing => !IsThere || Json.Span.SequenceEqual("null"u8) || Json.Span.SequenceEqual("false"u8);

    /// <summary>Its text; <c>null</c>: it is none.</summary>
    public string? Text => Json.Span.StartsWith("\""u8) ? JsonText.Unescape(Json.Span[1..^1]) : null;

    /// <summary>An array's items; of anything else none.</summary>
    public IReadOnlyList<JsonValue> Items => IsArray ? ReadItems() : [];

    /// <summary>An object's member; one that is not there where there is none.</summary>
    public JsonValue this[string name] => (_members ??= ReadMembers()).GetValueOrDefault(name, None);

    /// <summary>Takes JSON.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonValue Parse(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, Options);
        reader.Read();
        var value = Take(ref reader, json);
        // Throws where anything follows.
        reader.Read();
        return value;
    }

    /// <summary>The text of an object's member, in JSON that may be broken or cut: as far as it can be read.</summary>
    /// <returns><c>null</c>: it does not stand there.</returns>
    public static string? FindText(ReadOnlySpan<byte> json, string name)
    {
        string? text = null;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && JsonText.Unescape(reader.ValueSpan) == name && reader.Read()
                    && reader.TokenType == JsonTokenType.String)
                    text = JsonText.Unescape(reader.ValueSpan);
            }
        }
        catch (JsonException)
        {
            // As far as it can be read.
        }

        return text;
    }

    /// <summary>Writes an object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Json.Span);

    private static JsonValue Take(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonValue(json[start..(int)reader.BytesConsumed]);
    }

    private List<JsonValue> ReadItems()
    {
        List<JsonValue> items = [];
        var reader = new Utf8JsonReader(Json.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Take(ref reader, Json));
        return items;
    }

    private Dictionary<string, JsonValue> ReadMembers()
    {
        Dictionary<string, JsonValue> members = [];
        if (!IsObject)
            return members;
        var reader = new Utf8JsonReader(Json.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Unescape(reader.ValueSpan);
            reader.Read();
            members[name] = Take(ref reader, Json);
        }

        return members;
    }
}
