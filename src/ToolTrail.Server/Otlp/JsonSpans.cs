using System.Globalization;
using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Server.Otlp;

/// <summary>
/// Reads the spans of an export in OTLP's JSON (<c>https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding</c>), one at a time: ids in hexadecimal, whole
/// numbers also as strings, enumerations as numbers or names. Members that are not named here are skipped, however deep they go.
/// </summary>
internal static class JsonSpans
{
    // What is skipped is not descended into.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    private delegate void Element(ref Utf8JsonReader json);

    /// <summary>Reads them.</summary>
    /// <param name="export">An <c>ExportTraceServiceRequest</c>.</param>
    /// <param name="take">Is given each.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static void Read(ReadOnlySpan<byte> export, Action<SpanData> take)
    {
        var json = new Utf8JsonReader(export, Options);
        json.Read();
        if (!Begins(ref json, JsonTokenType.StartObject))
            throw new JsonException("It is no object.");
        EachOf(ref json, "resourceSpans", (ref spans) => ReadResourceSpans(ref spans, take));
        // Nothing may follow.
        while (json.Read())
        {
        }
    }

    private static void ReadResourceSpans(ref Utf8JsonReader json, Action<SpanData> take)
    {
        var resource = ResourceOf(json);
        EachOf(ref json, "scopeSpans", (ref scope) => EachOf(ref scope, "spans", (ref span) => take(ReadSpan(ref span, resource))));
    }

    // The copy of the reader reads ahead: it may stand behind the spans.
    private static SpanAttributes ResourceOf(Utf8JsonReader json)
    {
        var resource = new SpanAttributes(null);
        while (NextMember(ref json) is { } name)
        {
            if (name == "resource" && Begins(ref json, JsonTokenType.StartObject))
                EachOf(ref json, "attributes", (ref attribute) => AddAttribute(resource, ref attribute));
            else
                json.Skip();
        }

        return resource;
    }

    private static SpanData ReadSpan(ref Utf8JsonReader json, SpanAttributes resource)
    {
        var span = new SpanData(resource);
        while (NextMember(ref json) is { } name)
        {
            switch (name)
            {
                case "traceId":
                    span.TraceId = Id(ref json, 32);
                    break;
                case "spanId":
                    span.SpanId = Id(ref json, 16);
                    break;
                case "name":
                    span.Name = Text(ref json) ?? "";
                    break;
                case "startTimeUnixNano":
                    span.Start = Time(ref json, span);
                    break;
                case "endTimeUnixNano":
                    span.End = Time(ref json, span);
                    break;
                case "attributes":
                    Each(ref json, (ref attribute) => AddAttribute(span.Attributes, ref attribute));
                    break;
                case "status" when Begins(ref json, JsonTokenType.StartObject):
                    ReadStatus(span, ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return span;
    }

    private static void ReadStatus(SpanData span, ref Utf8JsonReader json)
    {
        while (NextMember(ref json) is { } name)
        {
            if (name == "message")
                span.Message = Text(ref json) ?? "";
            else if (name == "code")
                span.IsError = Integer(ref json) == 2 || Text(ref json) == "STATUS_CODE_ERROR";
            else
                json.Skip();
        }
    }

    private static void AddAttribute(SpanAttributes attributes, ref Utf8JsonReader json)
    {
        var key = KeyOf(json);
        while (NextMember(ref json) is { } name)
        {
            if (name == "value" && attributes.Wants(key) && Begins(ref json, JsonTokenType.StartObject))
                AddValue(attributes, key, ref json);
            else
                json.Skip();
        }
    }

    // Of several that exclude each other the first one counts.
    private static void AddValue(SpanAttributes attributes, string key, ref Utf8JsonReader json)
    {
        while (NextMember(ref json) is { } name)
        {
            using var written = new AttributeJson();
            if (!attributes.Wants(key))
                json.Skip();
            else if (name == "stringValue" && json.TokenType == JsonTokenType.String)
                attributes.Add(key, AttributeKind.Text, Encoding.UTF8.GetBytes(Text(ref json)!));
            else if (name == "intValue" && Integer(ref json) is { } number)
                attributes.Add(key, AttributeKind.Integer, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
            else if (TryWrite(written, name, ref json))
                attributes.Add(key, written);
            else
                json.Skip();
        }
    }

    private static void Write(AttributeJson written, ref Utf8JsonReader json)
    {
        var isWritten = written.IsTooLong;
        while (NextMember(ref json) is { } name)
        {
            if (!isWritten && TryWrite(written, name, ref json))
                isWritten = true;
            else
                json.Skip();
        }

        if (!isWritten)
            written.Writer.WriteNullValue();
    }

    // Writes what a member of an AnyValue says, if it is one, and is at its end then.
    private static bool TryWrite(AttributeJson written, string name, ref Utf8JsonReader json)
    {
        switch (name, json.TokenType)
        {
            case ("stringValue" or "bytesValue", JsonTokenType.String):
                written.Writer.WriteStringValue(Text(ref json));
                return true;
            case ("boolValue", JsonTokenType.True or JsonTokenType.False):
                written.Writer.WriteBooleanValue(json.TokenType == JsonTokenType.True);
                return true;
            case ("intValue", _) when Integer(ref json) is { } number:
                written.Writer.WriteNumberValue(number);
                return true;
            case ("doubleValue", JsonTokenType.Number or JsonTokenType.String) when double.TryParse(json.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                written.Write(number);
                return true;
            case ("arrayValue", JsonTokenType.StartObject):
                written.Writer.WriteStartArray();
                if (written.IsTooDeep)
                    json.Skip();
                else
                    EachOf(ref json, "values", (ref item) => Write(written, ref item));
                written.Writer.WriteEndArray();
                return true;
            case ("kvlistValue", JsonTokenType.StartObject):
                written.Writer.WriteStartObject();
                if (written.IsTooDeep)
                    json.Skip();
                else
                    EachOf(ref json, "values", (ref member) => WriteMember(written, ref member));
                written.Writer.WriteEndObject();
                return true;
            default:
                return false;
        }
    }

    private static void WriteMember(AttributeJson written, ref Utf8JsonReader json)
    {
        var isWritten = written.IsTooLong;
        if (!isWritten)
            written.Writer.WritePropertyName(KeyOf(json));
        while (NextMember(ref json) is { } name)
        {
            if (isWritten || name != "value" || !Begins(ref json, JsonTokenType.StartObject))
            {
                json.Skip();
                continue;
            }

            Write(written, ref json);
            isWritten = true;
        }

        if (!isWritten)
            written.Writer.WriteNullValue();
    }

    // The copy of the reader reads ahead: the key may stand behind the value.
    private static string KeyOf(Utf8JsonReader json)
    {
        while (NextMember(ref json) is { } name)
        {
            if (name == "key")
                return Text(ref json) ?? "";
            json.Skip();
        }

        return "";
    }

    // Goes through an object, and through the objects in its array of that name.
    private static void EachOf(ref Utf8JsonReader json, string array, Element element)
    {
        while (NextMember(ref json) is { } name)
        {
            if (name == array)
                Each(ref json, element);
            else
                json.Skip();
        }
    }

    private static void Each(ref Utf8JsonReader json, Element element)
    {
        if (!Begins(ref json, JsonTokenType.StartArray))
            return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (Begins(ref json, JsonTokenType.StartObject))
                element(ref json);
        }
    }

    // Moves to the value of an object's next member.
    private static string? NextMember(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
            return null;
        var name = JsonText.Unescape(json.ValueSpan);
        json.Read();
        return name;
    }

    // Null is as good as absent; whatever else it is instead, this is no export.
    private static bool Begins(ref Utf8JsonReader json, JsonTokenType type) =>
        json.TokenType == type || (json.TokenType == JsonTokenType.Null ? false : throw new JsonException($"There is a {json.TokenType} where {type} is expected."));

    private static string? Text(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return JsonText.Unescape(json.ValueSpan);
        json.Skip();
        return null;
    }

    private static string? Id(ref Utf8JsonReader json, int digits) =>
        Text(ref json) is { } id && id.Length == digits && id.All(char.IsAsciiHexDigit) && id.AsSpan().ContainsAnyExcept('0') ? id.ToLowerInvariant() : null;

    private static ulong Time(ref Utf8JsonReader json, SpanData span)
    {
        if (Number(ref json) is >= 0 and <= ulong.MaxValue and var time)
            return (ulong)time;
        json.Skip();
        span.Problem = "its time is no number of nanoseconds";
        return 0;
    }

    private static long? Integer(ref Utf8JsonReader json) => Number(ref json) is >= long.MinValue and <= long.MaxValue and var number ? (long)number : null;

    private static decimal? Number(ref Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.Number or JsonTokenType.String
        && decimal.TryParse(json.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.IsInteger(number)
            ? number : null;
}
