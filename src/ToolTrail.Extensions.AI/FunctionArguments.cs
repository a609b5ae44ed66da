using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Extensions.AI;

/// <summary>A function's arguments as the JSON that a record keeps.</summary>
internal static class FunctionArguments
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes them.</summary>
    /// <param name="arguments">By name; what a model sent are <see cref="JsonElement"/>s.</param>
    /// <param name="serializerOptions">The function's own.</param>
    public static ReadOnlyMemory<byte> ToJson(IEnumerable<KeyValuePair<string, object?>>? arguments, JsonSerializerOptions serializerOptions)
    {
        if (arguments is null)
            return default;
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments)
            {
                writer.WritePropertyName(WellFormed.Text(name));
                Write(writer, value, serializerOptions);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions serializerOptions)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(WellFormed.Text(text));
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteRawValue(Serialized.ToUtf8(value, serializerOptions), skipInputValidation: true);
                break;
        }
    }
}
