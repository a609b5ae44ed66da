using System.Text;

namespace ToolTrail.Records;

/// <summary>The fields that the record format names, in its order.</summary>
internal enum Field
{
    Ts,
    User,
    Tool,
    Args,
    Status,
    ResultChars,
    ResultSnippet,
    Id,
    CallId,
    Session,
    Agent,
    Engine,
    Model,
    Source,
    Server,
    DurationMs,
    Reason,
    Error,
    TraceId,
    SpanId,
    ArgsDigest,
    ResultDigest,
    Redacted,

    /// <summary>Only in what ingest takes: the whole result.</summary>
    Result,

    /// <summary>A name that the format does not know.</summary>
    Unknown,
}

/// <summary>The names of the fields.</summary>
internal static class FieldNames
{
    private static readonly byte[][] Names =
    [
        [.. "ts"u8], [.. "user"u8], [.. "tool"u8], [.. "args"u8], [.. "status"u8], [.. "result_chars"u8], [.. "result_snippet"u8],
        [.. "id"u8], [.. "call_id"u8], [.. "session"u8], [.. "agent"u8], [.. "engine"u8], [.. "model"u8], [.. "source"u8], [.. "server"u8],
        [.. "duration_ms"u8], [.. "reason"u8], [.. "error"u8], [.. "trace_id"u8], [.. "span_id"u8], [.. "args_digest"u8], [.. "result_digest"u8],
        [.. "redacted"u8], [.. "result"u8],
    ];

    private static readonly Field[][] ByLength =
    [
        .. Enumerable.Range(0, 1 + Names.Max(name => name.Length)).Select(length =>
            Enumerable.Range(0, Names.Length).Where(i => Names[i].Length == length).Select(i => (Field)i).ToArray()),
    ];

    private static readonly byte[][] Beginnings = [.. Names.Select(name => (byte[])[.. ",\""u8, .. name, .. "\":"u8])];

    /// <summary>What stands before the field's value: a comma, the name in quotes, a colon.</summary>
    public static ReadOnlySpan<byte> Beginning(Field field) => Beginnings[(int)field];

    /// <summary>The field that a member's name means.</summary>
    /// <param name="name">What stands between its quotes.</param>
    /// <param name="isPlain">Whether no escape in it can stand for a letter: others are undone.</param>
    public static Field Of(ReadOnlySpan<byte> name, bool isPlain)
    {
        if (!isPlain)
            name = Encoding.UTF8.GetBytes(JsonText.Unescape(name));
        if (name.Length >= ByLength.Length)
            return Field.Unknown;
        foreach (var field in ByLength[name.Length])
        {
            if (name.SequenceEqual(Names[(int)field]))
                return field;
        }

        return Field.Unknown;
    }
}
