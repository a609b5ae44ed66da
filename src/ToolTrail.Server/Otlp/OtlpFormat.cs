using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ToolTrail.Server.Otlp.Wire;

namespace ToolTrail.Server.Otlp;

/// <summary>One of the two encodings of OTLP over HTTP.</summary>
internal abstract class OtlpFormat
{
    private static readonly OtlpFormat Protobuf = new ProtobufFormat();
    private static readonly OtlpFormat Json = new JsonFormat();

    /// <summary>The content type of requests and answers.</summary>
    public abstract string ContentType { get; }

    /// <summary>The format of a content type; <c>null</c>: none of the two.</summary>
    public static OtlpFormat? Of(string? contentType) => contentType?.Split(';', 2)[0].Trim().ToLowerInvariant() switch
    {
        "application/x-protobuf" => Protobuf,
        "application/json" => Json,
        _ => null,
    };

    /// <summary>Reads a request.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    public abstract ExportTraceServiceRequest Read(ReadOnlySpan<byte> body);

    /// <summary>Writes an answer.</summary>
    public abstract byte[] Write(ExportTraceServiceResponse answer);

    private sealed class ProtobufFormat : OtlpFormat
    {
        public override string ContentType => "application/x-protobuf";

        public override ExportTraceServiceRequest Read(ReadOnlySpan<byte> body) => ExportTraceServiceRequest.Parser.ParseFrom(body);

        public override byte[] Write(ExportTraceServiceResponse answer) => answer.ToByteArray();
    }

    private sealed class JsonFormat : OtlpFormat
    {
        private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

        public override string ContentType => "application/json";

        public override ExportTraceServiceRequest Read(ReadOnlySpan<byte> body)
        {
            try
            {
                var json = JsonNode.Parse(body)?.AsObject() ?? throw new InvalidJsonException("null is no request");
                foreach (var span in Spans(json))
                    HexToBase64(span);
                return Parser.Parse<ExportTraceServiceRequest>(json.ToJsonString());
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or InvalidJsonException)
            {
                throw new InvalidJsonRequestException(e.Message, e);
            }
        }

        public override byte[] Write(ExportTraceServiceResponse answer) => Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(answer));

        private static IEnumerable<JsonObject> Spans(JsonObject request) =>
            from resource in Items(request, "resourceSpans")
            from scope in Items(resource, "scopeSpans")
            from span in Items(scope, "spans")
            select span;

        private static IEnumerable<JsonObject> Items(JsonObject parent, string name) =>
            parent[name] is JsonArray items ? items.OfType<JsonObject>() : [];

        // OTLP's JSON has ids in hex, where Protobuf's own has bytes in base64.
        private static void HexToBase64(JsonObject span)
        {
            foreach (var name in (ReadOnlySpan<string>)["traceId", "spanId"])
            {
                if (span[name] is JsonValue id && id.TryGetValue(out string? hex))
                    span[name] = Convert.ToBase64String(Convert.FromHexString(hex));
            }
        }
    }

    private sealed class InvalidJsonException(string message) : Exception(message);
}

/// <summary>A body is not the JSON of an OTLP request.</summary>
internal sealed class InvalidJsonRequestException(string message, Exception inner) : Exception(message, inner);
