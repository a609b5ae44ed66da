using System.Buffers.Text;
using System.Text.Json;

namespace ToolTrail.Records;

/// <summary>
/// The few fields of a stored line that readers sort, filter and count by, found without decoding the rest.
/// Spans point into the line and are the raw JSON string contents (escapes not undone).
/// </summary>
public readonly ref struct RecordHeader
{
    /// <summary>Time of the record; time stamps without offset are taken in the given zone.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Raw contents of <c>user</c>.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>Raw contents of <c>tool</c>.</summary>
    public ReadOnlySpan<byte> Tool { get; init; }

    /// <summary>Raw contents of <c>status</c>.</summary>
    public ReadOnlySpan<byte> Status { get; init; }

    /// <summary>Raw contents of <c>id</c>; empty when absent (older files).</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>Raw contents of <c>call_id</c>; empty when absent.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary>Raw contents of <c>session</c>; empty when absent.</summary>
    public ReadOnlySpan<byte> Session { get; init; }

    /// <summary>Raw contents of <c>agent</c>; empty when absent.</summary>
    public ReadOnlySpan<byte> Agent { get; init; }

    /// <summary>Raw contents of <c>source</c>; empty when absent.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>Raw contents of <c>trace_id</c>; empty when absent.</summary>
    public ReadOnlySpan<byte> TraceId { get; init; }

    /// <summary><c>duration_ms</c>; NaN when absent.</summary>
    public double DurationMs { get; init; }

    /// <summary>How lines are parsed: as deep as anybody nests.</summary>
    internal static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = int.MaxValue };

    /// <summary>Finds the header of a line.</summary>
    /// <param name="line">One line without its LF, any bytes.</param>
    /// <param name="localTime">The zone of time stamps without an offset (older files).</param>
    /// <param name="header">What was found. Of a member that stands there twice, the last.</param>
    /// <returns>False when the line is no record: not one whole JSON object, or without a <c>ts</c> that can be read, <c>user</c>, <c>tool</c> or <c>status</c>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, TimeZoneInfo localTime, out RecordHeader header)
    {
        header = default;
        // Cheap, and true of most of what a torn write leaves.
        if (line.Length < 2 || line[0] != '{' || line.TrimEnd("\r "u8)[^1] != '}')
            return false;
        return TryParse(line, localTime, ref header);
    }

    private static bool TryParse(ReadOnlySpan<byte> line, TimeZoneInfo localTime, ref RecordHeader header)
    {
        ReadOnlySpan<byte> user = default, tool = default, status = default, id = default, callId = default, session = default, agent = default, source = default, traceId = default;
        bool hasTime = false, hasUser = false, hasTool = false, hasStatus = false;
        var time = default(DateTimeOffset);
        var duration = double.NaN;

        var json = new JsonScanner(line);
        json.Read();
        while (json.Read() && json.Token == JsonTokenType.PropertyName)
        {
            var name = FieldNames.Of(json.Value, json.IsPlain);
            json.Read();
            var text = json.Token == JsonTokenType.String;
            switch (name)
            {
                case Field.Ts:
                    hasTime = text && Rfc3339.TryParse(json.Value, localTime, out time);
                    break;
                case Field.User:
                    hasUser = text;
                    user = json.Value;
                    break;
                case Field.Tool:
                    hasTool = text;
                    tool = json.Value;
                    break;
                case Field.Status:
                    hasStatus = text;
                    status = json.Value;
                    break;
                case Field.Id:
                    id = text ? json.Value : default;
                    break;
                case Field.CallId:
                    callId = text ? json.Value : default;
                    break;
                case Field.Session:
                    session = text ? json.Value : default;
                    break;
                case Field.Agent:
                    agent = text ? json.Value : default;
                    break;
                case Field.Source:
                    source = text ? json.Value : default;
                    break;
                case Field.TraceId:
                    traceId = text ? json.Value : default;
                    break;
                case Field.DurationMs:
                    duration = json.Token == JsonTokenType.Number && Utf8Parser.TryParse(json.Value, out double number, out _) ? number : double.NaN;
                    break;
                default:
                    json.Skip();
                    break;
            }

            // A known name before an object or array: not what the format says, and skipped whole.
            if (json.Token is JsonTokenType.StartObject or JsonTokenType.StartArray)
                json.Skip();
        }

        // Nothing may follow the object.
        if (json.Token != JsonTokenType.EndObject || !json.Ends() || !(hasTime && hasUser && hasTool && hasStatus))
            return false;
        header = new RecordHeader
        {
            Timestamp = time,
            User = user,
            Tool = tool,
            Status = status,
            Id = id,
            CallId = callId,
            Session = session,
            Agent = agent,
            Source = source,
            TraceId = traceId,
            DurationMs = duration,
        };
        return true;
    }
}
