namespace ToolTrail.Records;

/// <summary>
/// One tool call, as <c>docs/record-format.md</c> defines it: what a host hands to the recorder, and what a stored line reads back as.
/// A record without an outcome is a call that has begun; its outcome is the same record <c>with</c> a status and a result.
/// </summary>
/// <remarks>Immutable. Memory that it points to (arguments, result) must stay unchanged until the recorder's method returned.</remarks>
public sealed record ToolCallRecord
{
    /// <summary>When the call ended (began, for <see cref="ToolCallStatus.Started"/>); <c>null</c> is now. Stored in UTC, at milliseconds.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>On whose behalf. Any string; the empty one too.</summary>
    public required string User { get; init; }

    /// <summary>The tool's name as the model called it.</summary>
    public required string Tool { get; init; }

    /// <summary>
    /// The arguments: one JSON value in UTF-8, as captured. Empty means <c>{}</c>; anything but an object is stored under <c>"$value"</c>,
    /// and so are bytes that are not JSON, as text.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>How the call ended. Default: it has begun.</summary>
    public ToolCallStatus Status { get; init; }

    /// <summary>The whole result, when the caller has it. Only its length and first code points are stored.</summary>
    public ToolResult Result { get; init; }

    /// <summary>Length of the whole result in Unicode code points, where <see cref="Result"/> itself is not at hand.</summary>
    public long? ResultChars { get; init; }

    /// <summary>The first code points of the result, where <see cref="Result"/> itself is not at hand.</summary>
    public string? ResultSnippet { get; init; }

    /// <summary>
    /// The call's id, shared by a <c>started</c> line and its outcome; <c>null</c>: the recorder makes a UUIDv7. A second outcome with the same id
    /// among the user's last 65,536 records of that day is acknowledged and not stored again.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>The host's own id of the tool call.</summary>
    public string? CallId { get; init; }

    /// <summary>Conversation or session.</summary>
    public string? Session { get; init; }

    /// <summary>The agent's name.</summary>
    public string? Agent { get; init; }

    /// <summary>What drove the agent, as the host says.</summary>
    public string? Engine { get; init; }

    /// <summary>The model, as the host says.</summary>
    public string? Model { get; init; }

    /// <summary>Which capture wrote the record, e.g. <c>mcp-proxy</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The MCP server's name.</summary>
    public string? Server { get; init; }

    /// <summary>From begin to end in milliseconds, by a monotonic clock.</summary>
    public double? DurationMs { get; init; }

    /// <summary>Why the call was denied or refused: the rule's name, or who decided. Recorded at every level, so never what a tool said.</summary>
    public string? Reason { get; init; }

    /// <summary>Why the call failed.</summary>
    public ToolCallError? Error { get; init; }

    /// <summary>W3C trace id, 32 lower-case hex digits; <c>null</c>: the ambient <see cref="System.Diagnostics.Activity"/>'s.</summary>
    public string? TraceId { get; init; }

    /// <summary>W3C span id, 16 lower-case hex digits; <c>null</c>: the ambient <see cref="System.Diagnostics.Activity"/>'s.</summary>
    public string? SpanId { get; init; }

    /// <summary>Keyed digest of the whole arguments, given by a recorder elsewhere, or read back.</summary>
    public string? ArgsDigest { get; init; }

    /// <summary>Keyed digest of the whole result, given by a recorder elsewhere, or read back.</summary>
    public string? ResultDigest { get; init; }

    /// <summary>JSON pointers of the values that redaction replaced, given by a recorder elsewhere, or read back.</summary>
    public IReadOnlyList<string> Redacted { get; init; } = [];

    /// <summary>Fields that the format does not name: a JSON object in UTF-8, or empty. Kept after the known ones, treated like arguments.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }
}
