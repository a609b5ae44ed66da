using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Protocol;

/// <summary>Reads JSON-RPC errors.</summary>
internal static class JsonRpcError
{
    /// <summary>The error as a record has it: its code as type, its message.</summary>
    public static ToolCallError Parse(ReadOnlyMemory<byte> json)
    {
        string? code = null;
        string? message = null;
        var reader = Json.Reader(json);
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.NameIs("code"u8))
                {
                    reader.Read();
                    code = reader.TokenType == JsonTokenType.Number ? Json.RawText(ref reader) : null;
                    reader.Skip();
                }
                else if (reader.NameIs("message"u8))
                    message = reader.ReadString();
                else
                    reader.ReadValue(json);
            }
        }

        return new ToolCallError(code, message);
    }
}
