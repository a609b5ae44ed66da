using System.Buffers;
using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>Writes the recorder's own lines into users' files.</summary>
internal static class OwnLine
{
    private static readonly RecordCodec Codec = new(new RecordLimits(), new RedactionSettings(), new byte[32]);

    /// <summary>Records of a user were lost.</summary>
    public static byte[] Gap(Loss loss, DateTimeOffset now) => Encode(loss.User, OwnLines.Gap, ToolCallStatus.Lost, now, json =>
    {
        json.WriteNumber("count", loss.Count);
        json.WriteString("since", Time(loss.Since));
        json.WriteString("until", Time(loss.Until));
        json.WriteString("cause", Cut(loss.Cause));
    });

    /// <summary>A file was repaired, or its last writer did not close it.</summary>
    public static byte[] Recovery(string user, long cutBytes, string cause, DateTimeOffset now) =>
        Encode(user, OwnLines.Recovery, ToolCallStatus.Recovered, now, json =>
        {
            json.WriteNumber("cut_bytes", cutBytes);
            json.WriteString("cause", Cut(cause));
        });

    private static byte[] Encode(string user, string tool, ToolCallStatus status, DateTimeOffset now, Action<Utf8JsonWriter> arguments)
    {
        var args = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(args))
        {
            json.WriteStartObject();
            arguments(json);
            json.WriteEndObject();
        }

        var record = new ToolCallRecord { User = user, Tool = tool, Status = status, Arguments = args.WrittenMemory };
        return Codec.Encode(record, now, Guid.CreateVersion7(now)).ToArray();
    }

    // Short enough never to be cut by the codec, which would want a digest.
    private static ReadOnlySpan<char> Cut(string cause) => cause.AsSpan(0, Math.Min(cause.Length, 400));

    private static string Time(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Rfc3339.Length];
        Rfc3339.Write(time, text);
        return System.Text.Encoding.ASCII.GetString(text);
    }
}
