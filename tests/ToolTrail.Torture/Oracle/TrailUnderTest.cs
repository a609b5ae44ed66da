using System.Collections.Concurrent;

namespace ToolTrail.Torture.Oracle;

/// <summary>A trail, and what was acknowledged of it: kept here, outside of every process that writes it. Safe for use by several threads.</summary>
internal sealed class TrailUnderTest
{
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private long _counted;
    private volatile bool _isDead;

    public TrailUnderTest(string home) => Home = home;

    /// <summary>Absolute path of the home.</summary>
    public string Home { get; }

    /// <summary>The ids that somebody was told are on disk.</summary>
    public ConcurrentDictionary<string, bool> Acknowledged => _acknowledged;

    /// <summary>Notes that somebody was told that a record is on disk.</summary>
    public void Acknowledge(string id)
    {
        if (!_isDead)
            _acknowledged[id] = true;
    }

    /// <summary>From here on nobody can be told anything: a machine without power says nothing more, whatever its processes here still print.</summary>
    public void Die() => _isDead = true;

    /// <summary>The machine runs again.</summary>
    public void Revive() => _isDead = false;

    /// <summary>How many were acknowledged since this was asked last.</summary>
    public long TakeNewlyAcknowledged()
    {
        var before = Interlocked.Exchange(ref _counted, _acknowledged.Count);
        return _counted - before;
    }

    /// <summary>Notes everything that another trail, of which this is a copy, has acknowledged.</summary>
    public void AcknowledgeAll(TrailUnderTest other)
    {
        foreach (var id in other._acknowledged.Keys)
            Acknowledge(id);
    }

    /// <summary>Expects nothing any more of what was acknowledged until now.</summary>
    /// <returns>How many that were.</returns>
    public long Forget()
    {
        var count = TakeNewlyAcknowledged();
        _acknowledged.Clear();
        _counted = 0;
        return count;
    }
}
