using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace ToolTrail.ModelContextProtocol;

/// <summary>What a client asks for, read so that nothing that it may send keeps the call from being recorded.</summary>
/// <param name="Tool">The tool's name; empty if there is none.</param>
/// <param name="Arguments">As JSON.</param>
/// <param name="HostCallId">The host's own id of the call, which its hooks know it by; <c>null</c>: it names none.</param>
internal sealed record CallRequest(string Tool, ReadOnlyMemory<byte> Arguments, string? HostCallId = null)
{
    // As Claude Code names it.
    private const string HostCallIdMember = "claudecode/toolUseId";

    /// <summary>As the SDK has read it.</summary>
    public static CallRequest Of(CallToolRequestParams? request) =>
        new(request?.Name ?? "", request?.Arguments is { } arguments ? ToJson(arguments) : default, HostCallIdIn(request?.Meta));

    /// <summary>As it came, which the SDK may not be able to read.</summary>
    public static CallRequest Of(JsonNode? request)
    {
        try
        {
            return Read(request as JsonObject);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // A member that is there twice, for one.
            return Reparsed(request!);
        }
    }

    private static CallRequest Read(JsonObject? request)
    {
        var name = request?["name"] is JsonValue value && value.TryGetValue(out JsonElement text) && text.ValueKind == JsonValueKind.String ? TextOf(text) : "";
        return new(name, request?["arguments"] is { } arguments ? ToJson(writer => Write(writer, arguments)) : default, HostCallIdIn(request?["_meta"]));
    }

    // Of two members of one name the last counts, as it does for the SDK.
    private static CallRequest Reparsed(JsonNode request)
    {
        try
        {
            using var json = JsonDocument.Parse(request.ToJsonString());
            var name = json.RootElement.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return new(name, json.RootElement.TryGetProperty("arguments", out var arguments) ? ToJson(writer => Write(writer, arguments)) : default);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return new("", default);
        }
    }

    private static string? HostCallIdIn(JsonNode? meta)
    {
        try
        {
            return (meta as JsonObject)?[HostCallIdMember] is JsonValue value && value.TryGetValue(out string? id) ? id : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // A member that is there twice, or half a surrogate pair: no id that another capture has.
            return null;
        }
    }

    private static ReadOnlyMemory<byte> ToJson(IDictionary<string, JsonElement> arguments) => ToJson(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in arguments)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> ToJson(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true }))
            write(writer);
        return output.WrittenMemory;
    }

    // Value by value: whole, nothing with half a surrogate pair in it can be written.
    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue(out JsonElement json):
                Write(writer, json);
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement json) => writer.WriteRawValue(json.GetRawText(), skipInputValidation: true);

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText()[1..^1];
        }
    }
}
