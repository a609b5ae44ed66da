using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>A line of the trail as it stands in its file.</summary>
public sealed class StoredRecord
{
    /// <summary>Where it stands.</summary>
    public required RecordPosition Position { get; init; }

    /// <summary>The record's own time.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The line's bytes as stored, without LF.</summary>
    public required ReadOnlyMemory<byte> Line { get; init; }

    /// <summary>
    /// What other captures told of the same call, where <see cref="RecordFilter.OneRowPerCall"/> is asked for: lines that share its <c>call_id</c> or
    /// <c>trace_id</c>, tool and time, and name another <c>source</c>. In file order.
    /// </summary>
    public IReadOnlyList<StoredRecord> Others { get; init; } = [];

    /// <summary>The line decoded (anew at each call).</summary>
    /// <param name="localTime">The home's zone, for time stamps without an offset (older files).</param>
    public ToolCallRecord Decode(TimeZoneInfo localTime) =>
        RecordCodec.Decode(Line, localTime) ?? throw new InvalidOperationException("Readers yield only lines that decode.");
}
