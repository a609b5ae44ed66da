using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ToolTrail.Records;

/// <summary>
/// Reads a JSON object as a record: a stored line as it comes, where a field of another type than the format's counts as unknown, or one from
/// outside, where it is refused.
/// </summary>
internal ref struct RecordDecoder
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly bool _strict;
    private Utf8JsonReader _reader;
    private ArrayBufferWriter<byte>? _extra;

    private RecordDecoder(ReadOnlyMemory<byte> json, bool strict)
    {
        _json = json;
        _strict = strict;
        _reader = new Utf8JsonReader(json.Span, RecordHeader.ReaderOptions);
    }

    /// <inheritdoc cref="RecordCodec.Decode"/>
    public static ToolCallRecord? Decode(ReadOnlyMemory<byte> line, TimeZoneInfo localTime)
    {
        if (!RecordHeader.TryRead(line.Span, localTime, out _))
            return null;
        return new RecordDecoder(line, strict: false).Read(localTime);
    }

    /// <inheritdoc cref="RecordCodec.DecodeIngest"/>
    public static ToolCallRecord DecodeIngest(ReadOnlyMemory<byte> json, TimeZoneInfo localTime)
    {
        try
        {
            return new RecordDecoder(json, strict: true).Read(localTime);
        }
        catch (JsonException e)
        {
            throw new RecordRefusedException($"This is not JSON: {Describe(e)}", e);
        }
    }

    private static string Describe(JsonException e)
    {
        // The reader's own text ends with a position that counts lines of the value, which here is always the first.
        var text = e.Message;
        var position = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"{(position < 0 ? text : text[..position])} (byte {e.BytePositionInLine})";
    }

    private ToolCallRecord Read(TimeZoneInfo localTime)
    {
        var record = new ToolCallRecord { User = null!, Tool = null! };
        var hasStatus = false;
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw new RecordRefusedException("A record is a JSON object, e.g. {\"user\":\"ann\",\"tool\":\"read_file\",\"status\":\"ok\"}.");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.ValueSpan;
            var field = FieldNames.Of(name, isPlain: !_reader.ValueIsEscaped);
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.Null)
                continue;
            record = field switch
            {
                Field.Ts => Time(name, localTime) is { } time ? record with { Timestamp = time } : record,
                Field.User => record with { User = Text(name) ?? record.User },
                Field.Tool => record with { Tool = Text(name) ?? record.Tool },
                Field.Args => record with { Arguments = Raw() },
                Field.Status => Text(name) is { Length: > 0 } status ? record with { Status = new ToolCallStatus(status) } : record,
                Field.ResultChars => record with { ResultChars = Count(name) ?? record.ResultChars },
                Field.ResultSnippet => record with { ResultSnippet = Text(name) ?? record.ResultSnippet },
                Field.Id => record with { Id = Text(name) ?? record.Id },
                Field.CallId => record with { CallId = Text(name) ?? record.CallId },
                Field.Session => record with { Session = Text(name) ?? record.Session },
                Field.Agent => record with { Agent = Text(name) ?? record.Agent },
                Field.Engine => record with { Engine = Text(name) ?? record.Engine },
                Field.Model => record with { Model = Text(name) ?? record.Model },
                Field.Source => record with { Source = Text(name) ?? record.Source },
                Field.Server => record with { Server = Text(name) ?? record.Server },
                Field.DurationMs => record with { DurationMs = Number(name) ?? record.DurationMs },
                Field.Reason => record with { Reason = Text(name) ?? record.Reason },
                Field.Error => record with { Error = Error(name) ?? record.Error },
                Field.TraceId => record with { TraceId = HexId(name, 32) ?? record.TraceId },
                Field.SpanId => record with { SpanId = HexId(name, 16) ?? record.SpanId },
                Field.ArgsDigest => record with { ArgsDigest = Text(name) ?? record.ArgsDigest },
                Field.ResultDigest => record with { ResultDigest = Text(name) ?? record.ResultDigest },
                Field.Redacted => record with { Redacted = Texts(name) ?? record.Redacted },
                Field.Result when _strict => record with { Result = ToolResult.FromJson(Raw()) },
                _ => Unknown(name, record),
            };
            hasStatus |= field == Field.Status;
        }

        if (_reader.Read())
            throw new RecordRefusedException("Something follows the record's closing brace: one record a line.");
        if (_strict)
            Require(record, hasStatus);
        if (_extra is null)
            return record;
        _extra.Write("}"u8);
        return record with { Extra = _extra.WrittenMemory };
    }

    private static void Require(ToolCallRecord record, bool hasStatus)
    {
        if (record.User is null)
            throw Missing("user", "on whose behalf the tool was called");
        if (record.Tool is null)
            throw Missing("tool", "the tool's name");
        if (!hasStatus)
            throw Missing("status", "how the call ended: ok, error, denied, cancelled, timeout, or started");
    }

    private static RecordRefusedException Missing(string field, string meaning) => new($"The record lacks \"{field}\": {meaning}.");

    private ToolCallRecord Unknown(ReadOnlySpan<byte> name, ToolCallRecord record)
    {
        AddExtra(name);
        return record;
    }

    private DateTimeOffset? Time(ReadOnlySpan<byte> name, TimeZoneInfo localTime)
    {
        if (_reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(_reader.ValueSpan, localTime, out var time))
            return time;
        Mismatch(name, "an RFC 3339 time, e.g. \"2026-11-23T14:35:11.668Z\"");
        return null;
    }

    private string? Text(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType == JsonTokenType.String && !(_reader.ValueSpan.IsEmpty && _strict && name.SequenceEqual("status"u8)))
            return JsonText.Unescape(_reader.ValueSpan);
        Mismatch(name, name.SequenceEqual("status"u8) ? "a string that is not empty" : "a string");
        return null;
    }

    private string? HexId(ReadOnlySpan<byte> name, int length)
    {
        if (_reader.TokenType == JsonTokenType.String
            && (!_strict || (_reader.ValueSpan.Length == length && !_reader.ValueSpan.ContainsAnyExcept(JsonText.HexDigits))))
        {
            return _strict ? Encoding.ASCII.GetString(_reader.ValueSpan).ToLowerInvariant() : JsonText.Unescape(_reader.ValueSpan);
        }

        Mismatch(name, $"{length} hex digits");
        return null;
    }

    private long? Count(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var number) && number >= 0)
            return number;
        Mismatch(name, "a whole number from 0");
        return null;
    }

    private double? Number(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var number) && double.IsFinite(number))
            return number;
        Mismatch(name, "a number of milliseconds");
        return null;
    }

    private ToolCallError? Error(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType == JsonTokenType.String && _strict)
            return new ToolCallError(null, JsonText.Unescape(_reader.ValueSpan));
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Mismatch(name, "an object {\"type\": …, \"message\": …}");
            return null;
        }

        string? type = null, message = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = _reader.ValueSpan.SequenceEqual("type"u8);
            var isMessage = _reader.ValueSpan.SequenceEqual("message"u8);
            _reader.Read();
            var text = _reader.TokenType is JsonTokenType.String ? JsonText.Unescape(_reader.ValueSpan) : null;
            type = isType ? text : type;
            message = isMessage ? text : message;
            _reader.Skip();
        }

        return new ToolCallError(type, message);
    }

    private List<string>? Texts(ReadOnlySpan<byte> name)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            Mismatch(name, "an array of strings");
            return null;
        }

        var texts = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.String && texts.Count < RecordEncoder.MostRedacted)
                texts.Add(JsonText.Unescape(_reader.ValueSpan));
            _reader.Skip();
        }

        return texts;
    }

    // The value's own bytes.
    private ReadOnlyMemory<byte> Raw()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }

    private void Mismatch(ReadOnlySpan<byte> name, string expected)
    {
        if (_strict)
            throw new RecordRefusedException($"The record's \"{JsonText.Unescape(name)}\" must be {expected}.");
        AddExtra(name);
    }

    private void AddExtra(ReadOnlySpan<byte> name)
    {
        _extra ??= new ArrayBufferWriter<byte>();
        _extra.Write(_extra.WrittenCount == 0 ? "{\""u8 : ",\""u8);
        _extra.Write(name);
        _extra.Write("\":"u8);
        _extra.Write(Raw().Span);
    }
}
