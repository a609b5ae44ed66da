using System.Text;
using System.Text.Json;

namespace ToolTrail.Extensions.AI;

/// <summary>A value of any type as JSON.</summary>
internal static class Serialized
{
    /// <summary>The value's JSON, or its text as a JSON string where it has none.</summary>
    public static byte[] ToUtf8(object value, JsonSerializerOptions serializerOptions)
    {
        try
        {
            // As it came: rewritten it would have to be well-formed.
            return value is JsonElement json
                ? Encoding.UTF8.GetBytes(json.GetRawText())
                : JsonSerializer.SerializeToUtf8Bytes(value, serializerOptions.GetTypeInfo(value.GetType()));
        }
        catch (Exception)
        {
            // A converter can throw anything, and what the record cannot show must not keep the tool from running.
            return JsonSerializer.SerializeToUtf8Bytes(WellFormed.Text(TextOf(value)), SerializedContext.Default.String);
        }
    }

    private static string TextOf(object value)
    {
        try
        {
            return value.ToString() ?? "";
        }
        catch (Exception)
        {
            // The same, of a type's own code.
            return value.GetType().FullName ?? "";
        }
    }
}
