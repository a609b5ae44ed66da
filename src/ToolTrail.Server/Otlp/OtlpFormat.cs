using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ToolTrail.Server.Otlp;

/// <summary>One of the two encodings of OTLP over HTTP.</summary>
internal abstract class OtlpFormat
{
    /// <summary>Protobuf's own.</summary>
    public static readonly OtlpFormat Protobuf = new ProtobufFormat();

    /// <summary>JSON.</summary>
    public static readonly OtlpFormat Json = new JsonFormat();

    /// <summary>The content type of requests and answers.</summary>
    public abstract string ContentType { get; }

    /// <summary>The format of a content type; <c>null</c>: none of the two.</summary>
    public static OtlpFormat? Of(string? contentType) => contentType?.Split(';', 2)[0].Trim().ToLowerInvariant() switch
    {
        "application/x-protobuf" => Protobuf,
        "application/json" => Json,
        _ => null,
    };

    /// <summary>Reads the spans of a request, one at a time.</summary>
    /// <param name="body">An <c>ExportTraceServiceRequest</c>.</param>
    /// <param name="take">Is given each.</param>
    /// <exception cref="OtlpException">It is none.</exception>
    public abstract void Read(ReadOnlyMemory<byte> body, Action<SpanData> take);

    /// <summary>An <c>ExportTraceServiceResponse</c>.</summary>
    /// <param name="rejected">How many spans were not taken.</param>
    /// <param name="message">Why.</param>
    public abstract byte[] Answer(long rejected, string message);

    /// <summary>A <c>google.rpc.Status</c>.</summary>
    public abstract byte[] Status(int code, string message);

    private sealed class ProtobufFormat : OtlpFormat
    {
        public override string ContentType => "application/x-protobuf";

        public override void Read(ReadOnlyMemory<byte> body, Action<SpanData> take) => ProtobufSpans.Read(body, take);

        public override byte[] Answer(long rejected, string message) => rejected == 0 ? [] : Field(1, [.. Field(1, rejected), .. Field(2, Encoding.UTF8.GetBytes(message))]);

        public override byte[] Status(int code, string message) => [.. Field(1, code), .. Field(2, Encoding.UTF8.GetBytes(message))];

        private static byte[] Field(int field, byte[] value) => [(byte)((field << 3) | 2), .. Varint(value.Length), .. value];

        private static byte[] Field(int field, long value) => [(byte)(field << 3), .. Varint(value)];

        private static IEnumerable<byte> Varint(long value)
        {
            for (; value > 0x7F; value >>= 7)
                yield return (byte)(value | 0x80);
            yield return (byte)value;
        }
    }

    private sealed class JsonFormat : OtlpFormat
    {
        private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public override string ContentType => "application/json";

        public override void Read(ReadOnlyMemory<byte> body, Action<SpanData> take)
        {
            try
            {
                JsonSpans.Read(body.Span, take);
            }
            catch (JsonException e)
            {
                throw new OtlpException(StatusCodes.Status400BadRequest, $"The body is no OTLP export of traces in JSON: {e.Message}");
            }
        }

        public override byte[] Answer(long rejected, string message) => Write(json =>
        {
            if (rejected == 0)
                return;
            json.WriteStartObject("partialSuccess");
            json.WriteString("rejectedSpans", rejected.ToString(CultureInfo.InvariantCulture));
            json.WriteString("errorMessage", message);
            json.WriteEndObject();
        });

        public override byte[] Status(int code, string message) => Write(json =>
        {
            json.WriteNumber("code", code);
            json.WriteString("message", message);
        });

        private static byte[] Write(Action<Utf8JsonWriter> members)
        {
            var output = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(output, Options))
            {
                json.WriteStartObject();
                members(json);
                json.WriteEndObject();
            }

            return output.WrittenSpan.ToArray();
        }
    }
}
