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

    /// <summary><c>duration_ms</c>; NaN when absent.</summary>
    public double DurationMs { get; init; }

    /// <summary>Finds the header of a line.</summary>
    /// <param name="line">One line without its LF, any bytes.</param>
    /// <param name="localTime">The zone of time stamps without an offset (older files).</param>
    /// <param name="header">What was found.</param>
    /// <returns>False when the line is no record: not one whole JSON object, or without a <c>ts</c> that can be read, <c>user</c>, <c>tool</c> or <c>status</c>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, TimeZoneInfo localTime, out RecordHeader header) => throw new NotImplementedException();
}
