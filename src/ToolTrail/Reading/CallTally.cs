using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>Adds up calls by status, tool and user.</summary>
internal sealed class CallTally
{
    private readonly Dictionary<string, long> _byStatus = [];
    private readonly Dictionary<string, Group> _byTool = [];
    private readonly Dictionary<string, Group> _byUser = [];
    private long _calls;

    /// <summary>Adds a call by its line's header.</summary>
    public void Add(in RecordHeader header)
    {
        Span<char> user = stackalloc char[256], tool = stackalloc char[256], status = stackalloc char[64];
        Add(Text(header.User, user), Text(header.Tool, tool), Text(header.Status, status), header.DurationMs);
    }

    /// <summary>Adds a call.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="tool">Of which tool.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="durationMs">NaN when it is not known.</param>
    public void Add(ReadOnlySpan<char> user, ReadOnlySpan<char> tool, ReadOnlySpan<char> status, double durationMs)
    {
        _calls++;
        Increment(_byStatus, status);
        Of(_byTool, tool).Add(status, durationMs);
        Of(_byUser, user).Add(status, durationMs);
    }

    /// <summary>What was added up.</summary>
    public TrailStats ToStats(DateOnly from, DateOnly to, long skipped) =>
        new(from, to, _calls, _byStatus, Groups(_byTool), Groups(_byUser), skipped);

    private static List<CallGroup> Groups(Dictionary<string, Group> groups) =>
    [
        .. groups.Select(group => new CallGroup(group.Key, group.Value.Calls, group.Value.ByStatus, group.Value.Durations.Summarize()))
            .OrderByDescending(group => group.Calls).ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    // Names are looked up without making a string of each: there are few, and many lines.
    private static Group Of(Dictionary<string, Group> groups, ReadOnlySpan<char> name)
    {
        var lookup = groups.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(name, out var group))
            lookup[name] = group = new Group();
        return group;
    }

    private static void Increment(Dictionary<string, long> counts, ReadOnlySpan<char> name)
    {
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        lookup.TryGetValue(name, out var count);
        lookup[name] = count + 1;
    }

    private static ReadOnlySpan<char> Text(ReadOnlySpan<byte> raw, Span<char> buffer) =>
        raw.Length <= buffer.Length ? buffer[..JsonText.Unescape(raw, buffer)] : JsonText.Unescape(raw);

    private sealed class Group
    {
        public long Calls { get; private set; }

        public Dictionary<string, long> ByStatus { get; } = [];

        public DurationHistogram Durations { get; } = new();

        public void Add(ReadOnlySpan<char> status, double durationMs)
        {
            Calls++;
            Increment(ByStatus, status);
            Durations.Add(durationMs);
        }
    }
}
