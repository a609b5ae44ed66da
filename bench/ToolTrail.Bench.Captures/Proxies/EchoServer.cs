using System.Text.Json;

namespace ToolTrail.Bench.Proxy;

/// <summary>The least that an MCP server does for a call over stdio: reads a line, parses it, answers with the argument.</summary>
internal static class EchoServer
{
    public static int Run()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = Console.OpenStandardOutput();
        while (input.ReadLine() is { } line)
        {
            using var request = JsonDocument.Parse(line);
            using var answer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(answer))
            {
                writer.WriteStartObject();
                writer.WriteString("jsonrpc"u8, "2.0"u8);
                writer.WritePropertyName("id"u8);
                request.RootElement.GetProperty("id").WriteTo(writer);
                writer.WriteStartObject("result"u8);
                writer.WriteStartArray("content"u8);
                writer.WriteStartObject();
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, request.RootElement.GetProperty("params").GetProperty("arguments").GetProperty("message").GetString());
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            answer.WriteByte((byte)'\n');
            output.Write(answer.GetBuffer().AsSpan(0, (int)answer.Length));
        }

        return 0;
    }
}
