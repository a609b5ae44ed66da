using System.Text;
using System.Text.Json;

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

    /// <summary>The field's name.</summary>
    public static ReadOnlySpan<byte> Utf8(Field field) => Names[(int)field];

    /// <summary>The field that a reader on a property name stands before; escapes in the name are undone.</summary>
    public static Field Of(ref Utf8JsonReader reader)
    {
        var name = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(JsonText.Unescape(reader.ValueSpan)) : reader.ValueSpan;
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
                return (Field)i;
        }

        return Field.Unknown;
    }
}
