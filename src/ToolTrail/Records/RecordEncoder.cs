using System.Buffers.Text;

namespace ToolTrail.Records;

/// <summary>Writes one line after the other. One thread at a time; a thread keeps one.</summary>
internal sealed class RecordEncoder
{
    /// <summary>Most entries of <c>redacted</c>.</summary>
    public const int MostRedacted = 100;

    private static readonly RecordLimits Tight = new() { StringChars = 100, ObjectMembers = 1, ArrayItems = 1, Depth = 1, SnippetChars = 100 };

    private readonly TextEncoder _text;
    private readonly ArgumentsWriter _arguments;
    private readonly List<string> _redacted = [];
    private readonly RecordDigests _digests = new();
    private readonly byte[] _time = new byte[Rfc3339.Length];
    private long _second = -1;
    private RecordLevel _level;

    public RecordEncoder(SecretFinder secrets)
    {
        _text = new TextEncoder { Secrets = secrets };
        _arguments = new ArgumentsWriter(_text, _redacted);
    }

    // Each step leaves out more, until the line fits: the arguments, then what the format does not name, then all but the first of every string.
    private enum Keep
    {
        All,
        NoArguments,
        NoExtra,
        Little,
    }

    /// <summary>Writes a record's line, with its LF.</summary>
    /// <returns>The line; valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(
        ToolCallRecord record, DateTimeOffset timestamp, Guid id, RecordLevel level, RecordLimits limits, SecretFinder secrets, ReadOnlyMemory<byte> key)
    {
        _level = level;
        _text.Secrets = secrets;
        _digests.Begin(key);
        for (var keep = Keep.All; ; keep++)
        {
            WriteLine(record, timestamp, id, keep == Keep.Little ? Tight : limits, keep);
            if (_text.Line.Length <= RecordCodec.MaxLineBytes || keep == Keep.Little)
                break;
        }

        _text.Line.Write((byte)'\n');
        return _text.Line.Written;
    }

    private void WriteLine(ToolCallRecord record, DateTimeOffset timestamp, Guid id, RecordLimits limits, Keep keep)
    {
        var line = _text.Line;
        line.Length = 0;
        _redacted.Clear();

        line.Write("{\"ts\":\""u8);
        WriteTime(timestamp);
        line.Write((byte)'"');
        WriteString(Field.User, record.User ?? "", limits);
        WriteString(Field.Tool, record.Tool ?? "", limits);

        Name(Field.Args);
        var argsChanged = WriteArguments(record.Arguments.Span, limits, keep);
        WriteString(Field.Status, record.Status.Value, limits);
        var resultChanged = WriteResult(record, limits);

        if (record.Id is { Length: > 0 } given)
            WriteString(Field.Id, given, limits);
        else
            WriteId(id);
        WriteString(Field.CallId, record.CallId, limits);
        WriteString(Field.Session, record.Session, limits);
        WriteString(Field.Agent, record.Agent, limits);
        WriteString(Field.Engine, record.Engine, limits);
        WriteString(Field.Model, record.Model, limits);
        WriteString(Field.Source, record.Source, limits);
        WriteString(Field.Server, record.Server, limits);
        WriteDuration(record.DurationMs);
        WriteRedactedString(Field.Reason, record.Reason, "/reason", limits);
        WriteError(record.Error, limits);
        WriteString(Field.TraceId, record.TraceId, limits);
        WriteString(Field.SpanId, record.SpanId, limits);
        WriteArgsDigest(record, argsChanged, limits);
        WriteResultDigest(record, resultChanged, limits);

        // Unknown fields come last, and are written first: `redacted` has to know what was redacted in them.
        var unknown = record.Extra.IsEmpty || _level < RecordLevel.Arguments ? [] : UnknownMembers(record.Extra.Span, limits, keep);
        WriteRedacted(record.Redacted, keep, limits);
        line.Write(unknown);
        line.Write((byte)'}');
    }

    private byte[] UnknownMembers(ReadOnlySpan<byte> json, RecordLimits limits, Keep keep)
    {
        var line = _text.Line;
        var (start, redacted) = (line.Length, _redacted.Count);
        if (keep >= Keep.NoExtra)
        {
            WriteTotal(",\"…\":\"["u8, json.Length);
        }
        else if (!_arguments.TryWriteUnknownMembers(json, limits) && line.Length <= RecordCodec.MaxLineBytes)
        {
            line.Length = start;
            _redacted.RemoveRange(redacted, _redacted.Count - redacted);
        }

        var members = line.Written[start..].ToArray();
        line.Length = start;
        return members;
    }

    // Returns whether the record does not hold the whole arguments.
    private bool WriteArguments(ReadOnlySpan<byte> json, RecordLimits limits, Keep keep)
    {
        var line = _text.Line;
        if (json.IsEmpty || _level < RecordLevel.Arguments)
        {
            line.Write("{}"u8);
            return !json.IsEmpty && !json.SequenceEqual("{}"u8);
        }

        if (keep >= Keep.NoArguments)
        {
            WriteTotal("{\"…\":\"["u8, json.Length);
            line.Write((byte)'}');
            return true;
        }

        var start = line.Length;
        var isObject = json[0] == '{' || json.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
        if (!isObject)
            line.Write("{\"$value\":"u8);
        if (_arguments.TryWrite(json, limits, isObject ? "/args" : "/args/$value", out var changed))
        {
            if (!isObject)
                line.Write((byte)'}');
            return changed;
        }

        if (line.Length > RecordCodec.MaxLineBytes)
            return true;

        // No JSON: its text is kept.
        line.Length = start;
        _redacted.Clear();
        line.Write("{\"$value\":\""u8);
        var change = _text.WriteUtf8Cut(json, limits.StringChars);
        line.Write("\"}"u8);
        if (change.HasFlag(TextChange.Redacted))
            _redacted.Add("/args/$value");
        return change != TextChange.None;
    }

    private void WriteTotal(ReadOnlySpan<byte> before, long bytes)
    {
        _text.Line.Write(before);
        _text.Line.Write(bytes);
        _text.Line.Write(" bytes total]\""u8);
    }

    private bool WriteResult(ToolCallRecord record, RecordLimits limits)
    {
        var whole = record.Result.HasValue;
        var result = whole ? record.Result : ToolResult.FromText(record.ResultSnippet ?? "");
        var chars = whole ? result.CountCodePoints() : Math.Max(0, record.ResultChars ?? result.CountCodePoints());
        Name(Field.ResultChars);
        _text.Line.Write(chars);
        Name(Field.ResultSnippet);
        if (_level < RecordLevel.Full)
        {
            _text.Line.Write("\"\""u8);
            return chars > 0;
        }

        _text.Line.Write((byte)'"');
        var change = _text.WriteSnippet(result, limits.SnippetChars);
        _text.Line.Write((byte)'"');
        if (change.HasFlag(TextChange.Redacted))
            _redacted.Add("/result_snippet");
        return change != TextChange.None;
    }

    private void WriteArgsDigest(ToolCallRecord record, bool changed, RecordLimits limits)
    {
        WriteString(Field.ArgsDigest, record.ArgsDigest, limits);
        if (record.ArgsDigest is null && changed)
            WriteHex(Field.ArgsDigest, _digests.OfArguments(record));
    }

    private void WriteResultDigest(ToolCallRecord record, bool changed, RecordLimits limits)
    {
        WriteString(Field.ResultDigest, record.ResultDigest, limits);
        if (record.ResultDigest is null && changed && record.Result.HasValue)
            WriteHex(Field.ResultDigest, _digests.OfResult(record));
    }

    private void WriteHex(Field field, ReadOnlySpan<byte> digest)
    {
        Name(field);
        var line = _text.Line;
        line.Write("\"hmac-sha256:"u8);
        Convert.TryToHexStringLower(digest, line.Reserve(64), out var written);
        line.Length += written;
        line.Write((byte)'"');
    }

    private void WriteError(ToolCallError? error, RecordLimits limits)
    {
        if (error is null)
            return;
        Name(Field.Error);
        var line = _text.Line;
        line.Write((byte)'{');
        if (error.Type is { } type)
        {
            line.Write("\"type\":\""u8);
            _text.WriteCut(type, limits.StringChars, secrets: false);
            line.Write((byte)'"');
        }

        // What a tool says of its failure is what it answered.
        if (error.Message is { } message && _level == RecordLevel.Full)
        {
            line.Write(error.Type is null ? "\"message\":\""u8 : ",\"message\":\""u8);
            if (_text.WriteCut(message, limits.StringChars, secrets: true).HasFlag(TextChange.Redacted))
                _redacted.Add("/error/message");
            line.Write((byte)'"');
        }

        line.Write((byte)'}');
    }

    private void WriteRedacted(IReadOnlyList<string> given, Keep keep, RecordLimits limits)
    {
        if (given.Count > 0 || _redacted.Count > 0)
            WriteRedactedPointers(given, keep, limits);
    }

    private void WriteRedactedPointers(IReadOnlyList<string> given, Keep keep, RecordLimits limits)
    {
        var most = keep >= Keep.NoExtra ? 10 : MostRedacted;
        var written = 0;
        foreach (var pointer in given.Concat(_redacted.Except(given)).DistinctBy(Collapsed))
        {
            if (written == most)
                break;
            // Behind a pointer into what the level leaves out stands nothing.
            if (IsLeftOut(pointer))
                continue;
            if (written++ == 0)
            {
                Name(Field.Redacted);
                _text.Line.Write((byte)'[');
            }
            else
            {
                _text.Line.Write((byte)',');
            }

            _text.Line.Write((byte)'"');
            _text.WriteCut(Collapsed(pointer), limits.StringChars, secrets: false);
            _text.Line.Write((byte)'"');
        }

        if (written > 0)
            _text.Line.Write((byte)']');

        // Where the arguments were too long as a whole, there is nothing behind a pointer into them.
        string Collapsed(string pointer) => keep >= Keep.NoArguments && pointer.StartsWith("/args/", StringComparison.Ordinal) ? "/args" : pointer;
    }

    private bool IsLeftOut(string pointer) => _level switch
    {
        RecordLevel.Full => false,
        RecordLevel.Arguments => pointer is "/result_snippet" or "/error/message",
        _ => pointer != "/reason",
    };

    // Most records share their second with the one before.
    private void WriteTime(DateTimeOffset time)
    {
        var second = time.UtcTicks / TimeSpan.TicksPerSecond;
        if (second == _second)
        {
            Rfc3339.WriteMilliseconds(time, _time);
        }
        else
        {
            Rfc3339.Write(time, _time);
            _second = second;
        }

        _text.Line.Write(_time);
    }

    private void WriteDuration(double? duration)
    {
        if (duration is not { } value || !double.IsFinite(value))
            return;
        Name(Field.DurationMs);
        _text.Line.Write(value);
    }

    private void WriteId(Guid id)
    {
        Name(Field.Id);
        var line = _text.Line;
        line.Write((byte)'"');
        Utf8Formatter.TryFormat(id, line.Reserve(36), out var written);
        line.Length += written;
        line.Write((byte)'"');
    }

    private void WriteString(Field field, string? value, RecordLimits limits)
    {
        if (value is null)
            return;
        Name(field);
        _text.Line.Write((byte)'"');
        _text.WriteCut(value, limits.StringChars, secrets: false);
        _text.Line.Write((byte)'"');
    }

    private void WriteRedactedString(Field field, string? value, string pointer, RecordLimits limits)
    {
        if (value is null)
            return;
        Name(field);
        _text.Line.Write((byte)'"');
        if (_text.WriteCut(value, limits.StringChars, secrets: true).HasFlag(TextChange.Redacted))
            _redacted.Add(pointer);
        _text.Line.Write((byte)'"');
    }

    private void Name(Field field) => _text.Line.Write(FieldNames.Beginning(field));
}
