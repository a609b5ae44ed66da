using System.Globalization;
using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>The id of a JSON-RPC request. <c>1</c> and <c>"1"</c> are two ids.</summary>
/// <param name="Text">The id as text: of a string its characters, of anything else its JSON, numbers in one spelling.</param>
/// <param name="IsString">Whether it is a JSON string.</param>
internal readonly record struct JsonRpcId(string Text, bool IsString)
{
    /// <summary>Takes the value that the reader stands on, and leaves the reader on its last token.</summary>
    /// <returns>The id; <c>null</c> for an object or an array, which are no ids.</returns>
    public static JsonRpcId? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new JsonRpcId(Json.ReadText(ref reader), IsString: true);
            case JsonTokenType.Number:
                return new JsonRpcId(NumberText(ref reader), IsString: false);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                return null;
            default:
                return new JsonRpcId(Json.RawText(ref reader), IsString: false);
        }
    }

    /// <summary>Writes the id as a JSON value.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (IsString)
            writer.WriteStringValue(Text);
        else
            writer.WriteRawValue(Text);
    }

    // A peer that reads 1.0 may answer 1.
    private static string NumberText(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer))
            return integer.ToString(CultureInfo.InvariantCulture);
        return reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && Math.Abs(number) < long.MaxValue
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : Json.RawText(ref reader);
    }
}
