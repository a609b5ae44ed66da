using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>Knows, around a place of a user's day, which lines tell of a call that another line told of first.</summary>
internal sealed class DaySightings
{
    // Lines are asked for roughly in order, up or down: so much more than must be is read on both sides.
    private const long Ahead = LineBlock.Bytes;

    private readonly DayParts _parts;
    private readonly RecordMatcher _matcher;
    private readonly TimeZoneInfo _zone;
    private readonly HashSet<long> _further = [];
    private readonly Dictionary<long, List<StoredRecord>> _others = [];
    private long _from;
    private long _to;

    /// <param name="parts">The day.</param>
    /// <param name="matcher">Only lines that it wants tell of anything.</param>
    /// <param name="zone">The zone of time stamps without an offset.</param>
    public DaySightings(DayParts parts, RecordMatcher matcher, TimeZoneInfo zone) => (_parts, _matcher, _zone) = (parts, matcher, zone);

    /// <summary>The other lines that tell of a line's call, in file order, mostly none; <c>null</c>: another line told of it first.</summary>
    public IReadOnlyList<StoredRecord>? OthersOf(RecordPosition position)
    {
        if (_parts.PlaceOf(position) is not { } place)
            return [];
        if (place < _from || place >= _to)
            ReadAround(place);
        return _further.Contains(place) ? null : _others.GetValueOrDefault(place) ?? [];
    }

    private void ReadAround(long place)
    {
        _further.Clear();
        _others.Clear();
        (_from, _to) = (Math.Max(0, place - Ahead), place + Ahead);
        var calls = new SightedCalls();
        var ended = new HashSet<ulong>();
        List<(SightedCall Call, Sighting Sighting, StoredRecord Record)> told = [];
        _parts.ReadLines(Math.Max(0, _from - SightedCalls.Reach), _to + SightedCalls.Reach, (at, line, _) =>
        {
            if (!RecordHeader.TryRead(line, _zone, out var header) || !_matcher.Matches(header) || Sighting.Of(header, at) is not { } sighting)
                return;
            if (!sighting.IsStart)
                ended.Add(sighting.Id);
            var call = calls.Add(sighting);
            // The outcome that a row begins with stays it; a start gives way to an outcome.
            if (sighting.IsStart || call.First != sighting)
                told.Add((call, sighting, Record(at, header, line)));
        });
        foreach (var (call, sighting, record) in told.Where(line => line.Call.First != line.Sighting))
        {
            _further.Add(sighting.Place);
            // The start of an outcome tells no more than that.
            if (sighting.IsStart && ended.Contains(sighting.Id))
                continue;
            if (!_others.TryGetValue(call.First.Place, out var others))
                _others.Add(call.First.Place, others = []);
            others.Add(record);
        }
    }

    private StoredRecord Record(long at, in RecordHeader header, ReadOnlySpan<byte> line) =>
        new() { Position = _parts.PositionOf(at), Timestamp = header.Timestamp, Line = line.ToArray() };
}
