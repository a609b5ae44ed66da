using System.Text.Json;
using System.Text.Json.Serialization;
using ToolTrail.Reading;

namespace ToolTrail.Server.Reads;

/// <summary>Records go out as they are stored: the line's bytes, never re-encoded.</summary>
internal sealed class StoredRecordConverter : JsonConverter<StoredRecord>
{
    public override StoredRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Stored records are read from the trail, not from JSON.");

    // Readers yield only lines that were seen to be JSON objects.
    public override void Write(Utf8JsonWriter writer, StoredRecord value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Line.Span, skipInputValidation: true);
}
