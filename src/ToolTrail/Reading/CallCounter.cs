using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>
/// Counts the calls of one user's days, given in order: a call once, by its id, as its outcome, also if several captures tell of it; as
/// <c>started</c> while it has none. Remembers 64 bits a call of the day at hand, and the calls that are still open.
/// </summary>
internal sealed class CallCounter
{
    private readonly CallTally _tally;
    private readonly RecordMatcher _matcher;
    private readonly HashSet<ulong> _ended = [];
    private readonly Dictionary<ulong, OpenCall> _open = [];
    private SightedCalls _sighted = new();

    public CallCounter(CallTally tally, RecordMatcher matcher)
    {
        (_tally, _matcher) = (tally, matcher);
    }

    /// <summary>Begins the next day.</summary>
    public void BeginDay()
    {
        _ended.Clear();
        _sighted = new SightedCalls();
    }

    /// <summary>Takes a line.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="place">Where it begins, counted over all files of the day.</param>
    public void Add(in RecordHeader header, long place)
    {
        // The recorder's own lines are no calls.
        if (header.Tool.StartsWith("tooltrail."u8))
            return;
        var id = Sighting.IdOf(header, place);
        if (CallOutcomes.IsStart(header))
        {
            if (!_ended.Contains(id) && _matcher.Matches(header))
                Begin(header, place, id);
            return;
        }

        // Also by an outcome that is not to be counted.
        if (_open.TryGetValue(id, out var open))
            Close(open.Starts);
        if (_ended.Add(id) && _matcher.Matches(header))
            End(header, place);
    }

    /// <summary>Counts the calls that have no outcome.</summary>
    public void Finish()
    {
        foreach (var call in _open.Values.Distinct())
            _tally.Add(call.User, call.Tool, "started", double.NaN);
    }

    private void Begin(in RecordHeader header, long place, ulong id)
    {
        IReadOnlyList<ulong> starts = [id];
        if (Sighting.Of(header, place) is { } sighting)
        {
            var call = _sighted.Add(sighting);
            if (call.First != sighting)
            {
                // Another capture told of it: it is open if that is.
                if (_open.TryGetValue(call.First.Id, out var open))
                    _open[id] = open;
                return;
            }

            starts = call.Starts;
        }

        _open.TryAdd(id, new OpenCall(JsonText.Unescape(header.User), JsonText.Unescape(header.Tool), starts));
    }

    private void End(in RecordHeader header, long place)
    {
        if (Sighting.Of(header, place) is { } sighting)
        {
            var call = _sighted.Add(sighting);
            Close(call.Starts);
            if (call.First != sighting)
                return;
        }

        _tally.Add(header);
    }

    private void Close(IReadOnlyList<ulong> starts)
    {
        foreach (var start in starts)
            _open.Remove(start);
    }

    private sealed class OpenCall(string user, string tool, IReadOnlyList<ulong> starts)
    {
        public string User => user;

        public string Tool => tool;

        // Of all captures, also of those that tell later.
        public IReadOnlyList<ulong> Starts => starts;
    }
}
