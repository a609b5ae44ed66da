using System.Text.Json;

namespace ToolTrail.Mcp.Protocol;

/// <summary>A JSON-RPC message, looked at in place. Of members that occur twice the last counts, as it does for most parsers.
/// Their names are read in whichever case.</summary>
internal readonly struct JsonRpcMessage
{
    /// <summary>The id; <c>null</c> for a notification.</summary>
    public JsonRpcId? Id { get; private init; }

    /// <summary>The method; <c>null</c> for an answer.</summary>
    public string? Method { get; private init; }

    /// <summary>The parameters' JSON; empty if there are none.</summary>
    public ReadOnlyMemory<byte> Params { get; private init; }

    /// <summary>The result's JSON; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Result { get; private init; }

    /// <summary>The error's JSON; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Error { get; private init; }

    /// <summary>Whether its method or its parameters stand there in two spellings.</summary>
    public bool IsAmbiguous { get; private init; }

    /// <summary>Reads one message.</summary>
    /// <param name="json">One JSON value, which the message goes on pointing into.</param>
    /// <returns>The message; <c>null</c> for what is no JSON object.</returns>
    public static JsonRpcMessage? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return ParseObject(json);
        }
        catch (JsonException)
        {
            // No JSON: nothing to look at. It is relayed as it is.
            return null;
        }
    }

    /// <summary>Splits a batch, as the eras before 2025-06-18 have it.</summary>
    /// <returns>The elements' bytes; <c>null</c> for what is no JSON array.</returns>
    public static List<ReadOnlyMemory<byte>>? SplitBatch(ReadOnlyMemory<byte> json)
    {
        try
        {
            var reader = Json.Reader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return null;
            var elements = new List<ReadOnlyMemory<byte>>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(json[start..(int)reader.BytesConsumed]);
            }

            reader.Read();
            return elements;
        }
        catch (JsonException)
        {
            // As above.
            return null;
        }
    }

    private static JsonRpcMessage? ParseObject(ReadOnlyMemory<byte> json)
    {
        var reader = Json.Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        JsonRpcId? id = null;
        string? method = null;
        ReadOnlyMemory<byte> parameters = default, result = default, error = default;
        Spelling methodIs = default, paramsIs = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("id"u8))
            {
                reader.Read();
                id = JsonRpcId.Read(ref reader);
            }
            else if (methodIs.Is(ref reader, "method"u8))
                method = reader.ReadString();
            else if (paramsIs.Is(ref reader, "params"u8))
                parameters = reader.ReadValue(json);
            else if (reader.NameIs("result"u8))
                result = reader.ReadValue(json);
            else if (reader.NameIs("error"u8))
                error = reader.ReadValue(json);
            else
                reader.ReadValue(json);
        }

        reader.Read();
        return new JsonRpcMessage { Id = id, Method = method, Params = parameters, Result = result, Error = error, IsAmbiguous = methodIs.IsAmbiguous || paramsIs.IsAmbiguous };
    }
}
