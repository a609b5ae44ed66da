using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>Writes the answers that the proxy gives itself, each a whole line.</summary>
internal static class Answer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A tool's result that says that the call failed: what a model gets to read.</summary>
    /// <param name="id">The call's.</param>
    /// <param name="text">Why.</param>
    /// <param name="isSelfContained">Whether the request was of the era whose results name their type.</param>
    /// <returns>The message, without a line end.</returns>
    public static byte[] ToolError(JsonRpcId id, string text, bool isSelfContained) => Write(id, writer =>
    {
        writer.WriteStartObject("result"u8);
        if (isSelfContained)
            writer.WriteString("resultType"u8, "complete"u8);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteBoolean("isError"u8, true);
        writer.WriteEndObject();
    });

    /// <summary>A JSON-RPC error, for a request that could not be read to its end.</summary>
    /// <returns>The message, without a line end.</returns>
    public static byte[] InvalidRequest(JsonRpcId id, string message) => Write(id, writer =>
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, -32600);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
    });

    private static byte[] Write(JsonRpcId id, Action<Utf8JsonWriter> writeOutcome)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            id.Write(writer);
            writeOutcome(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
