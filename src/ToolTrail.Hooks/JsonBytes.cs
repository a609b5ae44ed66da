using System.Text;
using System.Text.Json;

namespace ToolTrail.Hooks;

/// <summary>JSON between its forms.</summary>
internal static class JsonBytes
{
    /// <summary>A value's own bytes.</summary>
    public static ReadOnlyMemory<byte> Of(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());

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
}
