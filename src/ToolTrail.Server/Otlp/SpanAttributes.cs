using System.Buffers;
using System.Text;
using System.Text.Json;
using ToolTrail.Server.Otlp.Wire;

namespace ToolTrail.Server.Otlp;

/// <summary>The attributes of a span, and behind them those of its resource.</summary>
internal readonly struct SpanAttributes
{
    private readonly IReadOnlyList<KeyValue> _own;
    private readonly IReadOnlyList<KeyValue> _resource;

    public SpanAttributes(IReadOnlyList<KeyValue> own, IReadOnlyList<KeyValue> resource)
    {
        _own = own;
        _resource = resource;
    }

    /// <summary>An attribute's text, of the first of these names that has one; <c>null</c>: none has.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } value && TextOf(value) is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    /// <summary>An attribute's JSON: of text the text itself, which instrumentations fill with JSON; empty: there is none.</summary>
    public ReadOnlyMemory<byte> Json(string name)
    {
        if (Find(name) is not { } value)
            return default;
        if (value.ValueCase == AnyValue.ValueOneofCase.StringValue)
            return Encoding.UTF8.GetBytes(value.StringValue);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
            Write(writer, value);
        return json.WrittenMemory;
    }

    private static string? TextOf(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static void Write(Utf8JsonWriter writer, AnyValue value)
    {
        switch (value.ValueCase)
        {
            case AnyValue.ValueOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                writer.WriteStringValue(value.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case AnyValue.ValueOneofCase.ArrayValue:
                writer.WriteStartArray();
                foreach (var item in value.ArrayValue.Values)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue:
                writer.WriteStartObject();
                foreach (var member in value.KvlistValue.Values)
                {
                    writer.WritePropertyName(member.Key);
                    Write(writer, member.Value ?? new AnyValue());
                }

                writer.WriteEndObject();
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                writer.WriteBase64StringValue(value.BytesValue.Span);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private AnyValue? Find(string name) =>
        _own.FirstOrDefault(attribute => attribute.Key == name)?.Value ?? _resource.FirstOrDefault(attribute => attribute.Key == name)?.Value;
}
