using System.Globalization;
using System.Text;

namespace ToolTrail.Server.Otlp;

/// <summary>
/// Reads the spans of an export in Protobuf's encoding, one at a time. The numbers are those of opentelemetry-proto 1.9
/// (<c>https://github.com/open-telemetry/opentelemetry-proto</c>); fields that are not named here are skipped.
/// </summary>
internal static class ProtobufSpans
{
    private const int ErrorStatus = 2;

    /// <summary>Reads them.</summary>
    /// <param name="export">An <c>ExportTraceServiceRequest</c>.</param>
    /// <param name="take">Is given each. Its memory is that of the export.</param>
    /// <exception cref="OtlpException">It is none.</exception>
    public static void Read(ReadOnlyMemory<byte> export, Action<SpanData> take)
    {
        for (var request = new WireReader(export); request.Read();)
        {
            if (request.Is(1))
                ReadResourceSpans(request.Bytes, take);
        }
    }

    private static void ReadResourceSpans(ReadOnlyMemory<byte> message, Action<SpanData> take)
    {
        // It may stand behind the spans.
        var resource = new SpanAttributes(null);
        for (var field = new WireReader(message); field.Read();)
        {
            for (var member = new WireReader(field.Is(1) ? field.Bytes : default); member.Read();)
            {
                if (member.Is(1))
                    AddAttribute(resource, member.Bytes);
            }
        }

        for (var field = new WireReader(message); field.Read();)
        {
            for (var scope = new WireReader(field.Is(2) ? field.Bytes : default); scope.Read();)
            {
                if (scope.Is(2))
                    take(ReadSpan(scope.Bytes, resource));
            }
        }
    }

    private static SpanData ReadSpan(ReadOnlyMemory<byte> message, SpanAttributes resource)
    {
        var span = new SpanData(resource);
        for (var field = new WireReader(message); field.Read();)
        {
            switch (field.Field, field.IsBytes)
            {
                case (1, true):
                    span.TraceId = Id(field.Bytes, 16);
                    break;
                case (2, true):
                    span.SpanId = Id(field.Bytes, 8);
                    break;
                case (5, true):
                    span.Name = Text(field.Bytes);
                    break;
                case (7, false):
                    span.Start = field.Number;
                    break;
                case (8, false):
                    span.End = field.Number;
                    break;
                case (9, true):
                    AddAttribute(span.Attributes, field.Bytes);
                    break;
                case (15, true):
                    ReadStatus(span, field.Bytes);
                    break;
            }
        }

        return span;
    }

    private static void ReadStatus(SpanData span, ReadOnlyMemory<byte> message)
    {
        for (var field = new WireReader(message); field.Read();)
        {
            if (field.Is(2))
                span.Message = Text(field.Bytes);
            else if (field.Field == 3)
                span.IsError = field.Number == ErrorStatus;
        }
    }

    private static void AddAttribute(SpanAttributes attributes, ReadOnlyMemory<byte> message)
    {
        var (key, value) = PairOf(message);
        if (!attributes.Wants(key))
            return;
        var any = ValueOf(value);
        if (any.Field == 1)
        {
            attributes.Add(key, AttributeKind.Text, any.Bytes);
        }
        else if (any.Field == 3)
        {
            attributes.Add(key, AttributeKind.Integer, Encoding.UTF8.GetBytes(((long)any.Number).ToString(CultureInfo.InvariantCulture)));
        }
        else
        {
            using var json = new AttributeJson();
            Write(json, any);
            attributes.Add(key, json);
        }
    }

    private static (string Key, ReadOnlyMemory<byte> Value) PairOf(ReadOnlyMemory<byte> message)
    {
        var (key, value) = ("", ReadOnlyMemory<byte>.Empty);
        for (var field = new WireReader(message); field.Read();)
        {
            if (field.Is(1))
                key = Text(field.Bytes);
            else if (field.Is(2))
                value = field.Bytes;
        }

        return (key, value);
    }

    // Of several that exclude each other the last one counts.
    private static WireReader ValueOf(ReadOnlyMemory<byte> message)
    {
        WireReader value = default;
        for (var field = new WireReader(message); field.Read();)
        {
            if (field.Field is 1 or 5 or 6 or 7 ? field.IsBytes : field.Field is 2 or 3 or 4 && !field.IsBytes)
                value = field;
        }

        return value;
    }

    private static void Write(AttributeJson json, WireReader value)
    {
        if (json.IsTooLong)
            return;
        switch (value.Field)
        {
            case 1:
                json.Writer.WriteStringValue(Text(value.Bytes));
                break;
            case 2:
                json.Writer.WriteBooleanValue(value.Number != 0);
                break;
            case 3:
                json.Writer.WriteNumberValue((long)value.Number);
                break;
            case 4:
                json.Write(BitConverter.UInt64BitsToDouble(value.Number));
                break;
            case 5:
                json.Writer.WriteStartArray();
                for (var item = new WireReader(json.IsTooDeep ? default : value.Bytes); item.Read();)
                {
                    if (item.Is(1))
                        Write(json, ValueOf(item.Bytes));
                }

                json.Writer.WriteEndArray();
                break;
            case 6:
                json.Writer.WriteStartObject();
                for (var member = new WireReader(json.IsTooDeep ? default : value.Bytes); member.Read();)
                {
                    if (member.Is(1))
                        WriteMember(json, PairOf(member.Bytes));
                }

                json.Writer.WriteEndObject();
                break;
            case 7:
                json.Writer.WriteBase64StringValue(value.Bytes.Span);
                break;
            default:
                json.Writer.WriteNullValue();
                break;
        }
    }

    private static void WriteMember(AttributeJson json, (string Key, ReadOnlyMemory<byte> Value) member)
    {
        if (json.IsTooLong)
            return;
        json.Writer.WritePropertyName(member.Key);
        Write(json, ValueOf(member.Value));
    }

    private static string? Id(ReadOnlyMemory<byte> id, int length) =>
        id.Length == length && id.Span.ContainsAnyExcept((byte)0) ? Convert.ToHexStringLower(id.Span) : null;

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
