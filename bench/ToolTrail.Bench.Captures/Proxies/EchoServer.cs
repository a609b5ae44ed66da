using System.Text.Json;

namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>The least that an MCP server does: it parses a message, and answers a call with the call's argument.</summary>
internal static class EchoServer
{
    /// <summary>Serves over stdio until the input ends.</summary>
    public static void Run()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = Console.OpenStandardOutput();
        while (input.ReadLine() is { } line)
        {
            if (Answer(line) is { } answer)
            {
                answer.WriteByte((byte)'\n');
                output.Write(answer.GetBuffer().AsSpan(0, (int)answer.Length));
            }
        }
    }

    /// <summary>The answer to a message; <c>null</c>: it is a notification.</summary>
    public static MemoryStream? Answer(string message)
    {
        using var request = JsonDocument.Parse(message);
        if (!request.RootElement.TryGetProperty("id", out var id))
            return null;
        var answer = new MemoryStream();
        using var writer = new Utf8JsonWriter(answer);
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        id.WriteTo(writer);
        writer.WriteStartObject("result"u8);
        WriteResult(writer, request.RootElement);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return answer;
    }

    private static void WriteResult(Utf8JsonWriter writer, JsonElement request)
    {
        switch (request.GetProperty("method").GetString())
        {
            case "initialize":
                writer.WriteString("protocolVersion"u8, request.GetProperty("params").GetProperty("protocolVersion").GetString());
                writer.WriteStartObject("capabilities"u8);
                writer.WriteStartObject("tools"u8);
                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteStartObject("serverInfo"u8);
                writer.WriteString("name"u8, "echo"u8);
                writer.WriteString("version"u8, "1"u8);
                writer.WriteEndObject();
                break;
            case "tools/call":
                writer.WriteStartArray("content"u8);
                writer.WriteStartObject();
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, request.GetProperty("params").GetProperty("arguments").GetProperty("message").GetString());
                writer.WriteEndObject();
                writer.WriteEndArray();
                break;
        }
    }
}
