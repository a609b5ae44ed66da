using System.Text;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Fuzz.Targets;

/// <summary>An input as a stored line, as a record from outside, and as every value of a record.</summary>
internal sealed class CodecTarget : IFuzzTarget
{
    private const string Planted = "planted-0f8a61b3c4";

    private static readonly Guid Id = new("01936f5e-0000-7000-8000-000000000000");

    private readonly RecordCodec _codec = new(new RecordLimits(), new RedactionSettings(), new byte[32]);

    public void Run(byte[] input)
    {
        if (RecordCodec.Decode(input, TimeZoneInfo.Utc) is { } stored)
            CheckLine(stored);
        if (Ingested(input) is { } ingested)
            CheckLine(ingested);

        var text = Encoding.UTF8.GetString(input);
        var utf16 = new string(input.Select(value => (char)(value << 8 | value)).ToArray());
        CheckLine(new ToolCallRecord { User = text, Tool = text, Arguments = input, Result = ToolResult.FromUtf8(input), Reason = text, Session = text });
        CheckLine(new ToolCallRecord { User = utf16, Tool = "t", Result = ToolResult.FromText(utf16), Error = new ToolCallError(text, utf16), Redacted = [text, utf16] });
        CheckLine(new ToolCallRecord { User = "u", Tool = "t", Result = ToolResult.FromJson(input), Extra = input, DurationMs = input.Length > 7 ? BitConverter.ToDouble(input) : null });
        CheckSecret(text);
    }

    public void Dispose()
    {
    }

    private static ToolCallRecord? Ingested(byte[] input)
    {
        try
        {
            return RecordCodec.DecodeIngest(input, TimeZoneInfo.Utc);
        }
        catch (RecordRefusedException)
        {
            // The one answer to what is no record.
            return null;
        }
    }

    // What is stored is one line that is read as a record. Storing that may still redact what a mark made neighbours, and cut a level that wrapping added; storing
    // it once more changes nothing.
    private void CheckLine(ToolCallRecord record)
    {
        var twice = EncodeAgain(Encode(record));
        var thrice = EncodeAgain(twice);
        BrokenPropertyException.Unless(
            twice.AsSpan().SequenceEqual(thrice), $"What was read back is stored as another line:\n{Encoding.UTF8.GetString(twice)}\n{Encoding.UTF8.GetString(thrice)}");
    }

    private byte[] EncodeAgain(byte[] line) => Encode(
        RecordCodec.Decode(line, TimeZoneInfo.Utc) ?? throw new BrokenPropertyException($"What was encoded is no record: {Encoding.UTF8.GetString(line)}"));

    private void CheckSecret(string text)
    {
        var arguments = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["text"] = text, ["api_key"] = Planted, [text] = new { password = Planted } });
        var line = Encoding.UTF8.GetString(Encode(new ToolCallRecord { User = "u", Tool = "t", Arguments = arguments }));
        BrokenPropertyException.Unless(text.Contains(Planted, StringComparison.Ordinal) || !line.Contains(Planted, StringComparison.Ordinal), $"A secret is stored: {line}");
    }

    private byte[] Encode(ToolCallRecord record)
    {
        var line = _codec.Encode(record, record.Timestamp ?? FixedClock.Now, Id);
        BrokenPropertyException.Unless(line.Length <= RecordCodec.MaxLineBytes + 1, $"A line has {line.Length} bytes.");
        BrokenPropertyException.Unless(line.IndexOf((byte)'\n') == line.Length - 1, "A line has a line feed within.");
        return line[..^1].ToArray();
    }
}
