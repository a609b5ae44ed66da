using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>What one capture tells of a call: enough to know the call again in what another capture tells.</summary>
internal sealed class Sighting
{
    // Two captures see the same beginning and the same end a moment apart, and their clocks may be two.
    private static readonly long Slack = TimeSpan.FromSeconds(1).Ticks;

    private readonly byte[] _tool;
    private readonly long _began;
    private readonly long _ended;

    private Sighting(in RecordHeader header, long place)
    {
        Place = place;
        Id = IdOf(header, place);
        IsStart = CallOutcomes.IsStart(header);
        CallKey = KeyOf(header.CallId);
        TraceKey = KeyOf(header.TraceId);
        Source = KeyOf(header.Source);
        _tool = header.Tool.ToArray();
        var time = header.Timestamp.UtcTicks;
        _ended = IsStart ? long.MaxValue - Slack : time;
        _began = IsStart || double.IsNaN(header.DurationMs) ? time : time - (long)Math.Clamp(header.DurationMs * TimeSpan.TicksPerMillisecond, 0, time);
    }

    /// <summary>Where its line begins.</summary>
    public long Place { get; }

    /// <summary>The call's id in 64 bits, see <see cref="IdOf"/>.</summary>
    public ulong Id { get; }

    /// <summary>Whether it tells no more than that the call began.</summary>
    public bool IsStart { get; }

    /// <summary>The host's own id of the call in 64 bits; 0: it has none.</summary>
    public ulong CallKey { get; }

    /// <summary>The trace in 64 bits; 0: there is none.</summary>
    public ulong TraceKey { get; }

    /// <summary>Both, as far as there are.</summary>
    public IEnumerable<ulong> Keys
    {
        get
        {
            if (CallKey != 0)
                yield return CallKey;
            if (TraceKey != 0)
                yield return TraceKey;
        }
    }

    /// <summary>Who tells, in 64 bits.</summary>
    public ulong Source { get; }

    /// <summary>A line's sighting; <c>null</c>: nothing in it could stand in another capture's line too.</summary>
    /// <param name="header">The line's header.</param>
    /// <param name="place">Where the line begins.</param>
    public static Sighting? Of(in RecordHeader header, long place) =>
        IsIn(header) ? new Sighting(header, place) : null;

    /// <summary>The id of a line's call in 64 bits: that of its start is that of its outcome. A line without an id is told from others by its time and place.</summary>
    /// <param name="header">The line's header.</param>
    /// <param name="place">Where the line begins.</param>
    public static ulong IdOf(in RecordHeader header, long place) =>
        header.Id.IsEmpty ? (ulong)(header.Timestamp.UtcTicks ^ place) : CallOutcomes.KeyOf(header.Id);

    /// <summary>Whether a line has one.</summary>
    public static bool IsIn(in RecordHeader header) => !header.Source.IsEmpty && !(header.CallId.IsEmpty && header.TraceId.IsEmpty);

    /// <summary>
    /// Whether both tell of one call: two captures, the host's id or the trace shared, the same tool, at the same time.
    /// </summary>
    public bool IsOfSameCallAs(Sighting other) =>
        Source != other.Source
        && ((CallKey != 0 && CallKey == other.CallKey) || (TraceKey != 0 && TraceKey == other.TraceKey))
        && _began <= other._ended + Slack && other._began <= _ended + Slack
        && IsSameTool(_tool, other._tool);

    // A host may put the server's name before a server's tools: mcp__files__read, mcp_files_read.
    private static bool IsSameTool(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length == b.Length ? a.SequenceEqual(b)
        : a.Length > b.Length ? a.EndsWith(b) && a[^(b.Length + 1)] == '_'
        : b.EndsWith(a) && b[^(a.Length + 1)] == '_';

    private static ulong KeyOf(ReadOnlySpan<byte> text) => text.IsEmpty ? 0 : CallOutcomes.KeyOf(text);
}
