using System.Buffers;
using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Tests.Records;

/// <summary>Records as lines and back, with everything at its default.</summary>
internal static class Lines
{
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 14, 35, 11, 668, TimeSpan.Zero);
    public static readonly Guid Id = Guid.Parse("019ab0de-0000-7000-8000-000000000001");
    public static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public static RecordCodec Codec(RecordLimits? limits = null, RedactionSettings? redaction = null) => new(limits ?? new(), redaction ?? new(), Key);

    public static ToolCallRecord Call(string args = "", string tool = "read_file", ToolResult result = default) =>
        new() { User = "ann", Tool = tool, Status = ToolCallStatus.Ok, Arguments = Encoding.UTF8.GetBytes(args), Result = result };

    public static byte[] Bytes(ToolCallRecord record, RecordCodec? codec = null)
    {
        var output = new ArrayBufferWriter<byte>();
        (codec ?? Codec()).Encode(record, Time, Id, output);
        Assert.Equal((byte)'\n', output.WrittenSpan[^1]);
        return output.WrittenSpan[..^1].ToArray();
    }

    public static string Text(ToolCallRecord record, RecordCodec? codec = null) => Encoding.UTF8.GetString(Bytes(record, codec));

    public static JsonElement Json(ToolCallRecord record, RecordCodec? codec = null) =>
        JsonDocument.Parse(Bytes(record, codec), new JsonDocumentOptions { MaxDepth = 1000 }).RootElement;

    public static JsonElement Args(string args, RecordCodec? codec = null) => Json(Call(args), codec).GetProperty("args");

    public static ToolCallRecord Decode(byte[] line) => RecordCodec.Decode(line, TimeZoneInfo.Utc) ?? throw new InvalidOperationException("No record: " + Encoding.UTF8.GetString(line));
}
