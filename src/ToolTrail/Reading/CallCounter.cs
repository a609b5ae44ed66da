using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>
/// Counts the calls of one user's days, given in order: a call once, by its id, as its outcome; as <c>started</c> while it has none.
/// Remembers 64 bits a call of the day at hand, and the calls that are still open.
/// </summary>
internal sealed class CallCounter
{
    private readonly CallTally _tally;
    private readonly RecordMatcher _matcher;
    private readonly HashSet<ulong> _ended = [];
    private readonly Dictionary<ulong, OpenCall> _open = [];

    public CallCounter(CallTally tally, RecordMatcher matcher)
    {
        (_tally, _matcher) = (tally, matcher);
    }

    /// <summary>Begins the next day.</summary>
    public void BeginDay() => _ended.Clear();

    /// <summary>Takes a line.</summary>
    public void Add(in RecordHeader header)
    {
        // The recorder's own lines are no calls.
        if (header.Tool.StartsWith("tooltrail."u8))
            return;
        if (header.Id.IsEmpty)
        {
            Count(header);
            return;
        }

        var key = CallOutcomes.KeyOf(header.Id);
        if (CallOutcomes.IsStart(header))
        {
            if (!_ended.Contains(key) && _matcher.Matches(header))
                _open.TryAdd(key, new OpenCall(JsonText.Unescape(header.User), JsonText.Unescape(header.Tool)));
        }
        else
        {
            _open.Remove(key);
            if (_ended.Add(key))
                Count(header);
        }
    }

    /// <summary>Counts the calls that have no outcome.</summary>
    public void Finish()
    {
        foreach (var call in _open.Values)
            _tally.Add(call.User, call.Tool, "started", double.NaN);
    }

    private void Count(in RecordHeader header)
    {
        if (_matcher.Matches(header))
            _tally.Add(header);
    }

    private readonly record struct OpenCall(string User, string Tool);
}
