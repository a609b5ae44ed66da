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
    private readonly Dictionary<ulong, ulong> _openByKey = [];
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
        if (header.Id.IsEmpty)
        {
            Count(header, place);
            return;
        }

        var key = CallOutcomes.KeyOf(header.Id);
        if (CallOutcomes.IsStart(header))
        {
            if (!_ended.Contains(key) && _matcher.Matches(header))
                Open(key, new OpenCall(JsonText.Unescape(header.User), JsonText.Unescape(header.Tool), Sighting.Of(header, place)));
        }
        else
        {
            _open.Remove(key);
            if (_ended.Add(key))
                Count(header, place);
        }
    }

    /// <summary>Counts the calls that have no outcome.</summary>
    public void Finish()
    {
        foreach (var call in _open.Values)
            _tally.Add(call.User, call.Tool, "started", double.NaN);
    }

    private void Open(ulong key, OpenCall call)
    {
        if (call.Sighting is not null && _sighted.FirstOf(call.Sighting) is not null)
            return;
        if (!_open.TryAdd(key, call) || call.Sighting is null)
            return;
        foreach (var shared in call.Sighting.Keys)
            _openByKey[shared] = key;
    }

    private void Count(in RecordHeader header, long place)
    {
        if (!_matcher.Matches(header))
            return;
        if (Sighting.Of(header, place) is { } sighting)
        {
            // One capture tells how a call ended of which another only told that it began.
            foreach (var shared in sighting.Keys)
            {
                if (_openByKey.TryGetValue(shared, out var key) && _open.TryGetValue(key, out var open) && open.Sighting!.IsOfSameCallAs(sighting))
                    _open.Remove(key);
            }

            if (_sighted.Add(sighting) is not null)
                return;
        }

        _tally.Add(header);
    }

    private readonly record struct OpenCall(string User, string Tool, Sighting? Sighting);
}
