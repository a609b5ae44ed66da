using System.Collections.Concurrent;

namespace ToolTrail.Torture.Oracle;

/// <summary>A trail, and what was acknowledged of it: kept here, outside of every process that writes it. Safe for use by several threads.</summary>
internal sealed class TrailUnderTest
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private long _counted;

    public TrailUnderTest(string home) => Home = home;

    /// <summary>Absolute path of the home.</summary>
    public string Home { get; }

    /// <summary>The ids that somebody was told are on disk.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged => _acknowledged;

    /// <summary>Notes that somebody was told that a record is on disk.</summary>
    public void Acknowledge(string id) => _acknowledged[id] = true;

    /// <summary>How many were acknowledged since this was asked last.</summary>
    public long TakeNewlyAcknowledged()
    {
        var before = Interlocked.Exchange(ref _counted, _acknowledged.Count);
        return _counted - before;
    }
}
