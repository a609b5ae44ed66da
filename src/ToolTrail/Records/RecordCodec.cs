using System.Buffers;

namespace ToolTrail.Records;

/// <summary>The only place that turns records into bytes and back.</summary>
/// <remarks>Immutable, and safe for use by several threads.</remarks>
public sealed class RecordCodec
{
    /// <summary>The most bytes a line may have, without its LF.</summary>
    public const int MaxLineBytes = 65_535;

    [ThreadStatic]
    private static RecordEncoder? _encoder;

    private readonly RecordLimits _limits;
    private readonly SecretFinder _secrets;
    private readonly ReadOnlyMemory<byte> _digestKey;

    /// <param name="limits">How much of a value is kept.</param>
    /// <param name="redaction">What is secret beyond the built-in names and shapes.</param>
    /// <param name="digestKey">The installation's HMAC key, 32 bytes.</param>
    /// <exception cref="ArgumentException">A limit is out of its range, or a pattern is not a linear-time regular expression.</exception>
    public RecordCodec(RecordLimits limits, RedactionSettings redaction, ReadOnlyMemory<byte> digestKey)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(redaction);
        limits.Validate();
        _limits = limits;
        _secrets = new SecretFinder(redaction);
        _digestKey = digestKey;
    }

    /// <summary>Writes the record's line, LF included: redacted, truncated, digested, and without what its level leaves out.</summary>
    /// <param name="record">Any record; nothing in it makes this method throw.</param>
    /// <param name="timestamp">The record's time: used instead of <see cref="ToolCallRecord.Timestamp"/>.</param>
    /// <param name="id">Used when the record has no <see cref="ToolCallRecord.Id"/>.</param>
    /// <param name="output">Receives at most <see cref="MaxLineBytes"/> + 1 bytes.</param>
    /// <param name="level">How much of the record is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is none: there is nothing to write.</exception>
    public void Encode(ToolCallRecord record, DateTimeOffset timestamp, Guid id, IBufferWriter<byte> output, RecordLevel level = RecordLevel.Full)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfEqual(level, RecordLevel.None);
        output.Write(Encode(record, timestamp, id, level));
    }

    /// <summary>Reads a stored line back. Unknown fields go to <see cref="ToolCallRecord.Extra"/>.</summary>
    /// <param name="line">One line without its LF.</param>
    /// <param name="localTime">The zone of time stamps without an offset (older files).</param>
    /// <returns>The record, or <c>null</c> when the line is no record.</returns>
    public static ToolCallRecord? Decode(ReadOnlyMemory<byte> line, TimeZoneInfo localTime) => RecordDecoder.Decode(line, localTime);

    /// <summary>Reads one record from outside (see "What ingest takes" in the record format).</summary>
    /// <param name="json">One JSON object; the record keeps pointing into it.</param>
    /// <param name="localTime">The zone of a time stamp without an offset.</param>
    /// <exception cref="RecordRefusedException">It is not JSON, or a field is missing or malformed.</exception>
    public static ToolCallRecord DecodeIngest(ReadOnlyMemory<byte> json, TimeZoneInfo localTime) => RecordDecoder.DecodeIngest(json, localTime);

    /// <summary>Writes the record's line, LF included.</summary>
    /// <returns>The line, valid until this thread encodes again.</returns>
    internal ReadOnlySpan<byte> Encode(ToolCallRecord record, DateTimeOffset timestamp, Guid id, RecordLevel level = RecordLevel.Full)
    {
        ArgumentNullException.ThrowIfNull(record);
        var encoder = _encoder ??= new RecordEncoder(_secrets);
        return encoder.Encode(record, timestamp, id, level, _limits, _secrets, _digestKey);
    }
}
