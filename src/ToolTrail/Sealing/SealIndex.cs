using System.Text;
using ToolTrail.Integrity;

namespace ToolTrail.Sealing;

/// <summary>What this process has read of the seal log: each entry once, since none ever changes. Safe for use by several threads.</summary>
internal sealed class SealIndex
{
    // Some megabytes, read in some milliseconds.
    private const long LateEntries = 10_000;

    // Names of parts: some tens of megabytes at most.
    private const int MostKept = 100_000;

    private readonly Lock _gate = new();
    private readonly TileLog _tiles;
    private readonly string _installation;
    private readonly byte[] _event;
    private readonly List<VerifierKey> _retired = [];
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private long _eventsTo;
    private long _lateTo;

    public SealIndex(TileLog tiles, string installation)
    {
        (_tiles, _installation) = (tiles, installation);
        _event = Encoding.UTF8.GetBytes($"{installation}/event\n");
    }

    /// <summary>The keys that signed before, by the log's own events; oldest first.</summary>
    /// <param name="size">Entries of the log.</param>
    public IReadOnlyList<VerifierKey> RetiredKeys(long size)
    {
        lock (_gate)
        {
            ReadEvents(size);
            return [.. _retired];
        }
    }

    /// <summary>Whether a part was closed. The first to ask waits for a look through the whole log.</summary>
    /// <param name="origin">The part's.</param>
    /// <param name="size">Entries of the log.</param>
    public bool IsClosed(string origin, long size)
    {
        lock (_gate)
        {
            ReadEvents(size);
            return _closed.Contains(origin);
        }
    }

    /// <summary>Whether a checkpoint of a part is among the log's last entries.</summary>
    /// <param name="origin">The part's.</param>
    /// <param name="size">Entries of the log.</param>
    public bool WasSealedLately(string origin, long size)
    {
        lock (_gate)
        {
            if (_late.Count > MostKept)
            {
                _late.Clear();
                _lateTo = 0;
            }

            foreach (var entry in _tiles.Read(size, Math.Max(_lateTo, size - LateEntries)))
                _late.Add(Encoding.UTF8.GetString(entry.Span[..Math.Max(0, entry.Span.IndexOf((byte)'\n'))]));
            _lateTo = Math.Max(_lateTo, size);
            return _late.Contains(origin);
        }
    }

    private void ReadEvents(long size)
    {
        foreach (var entry in _tiles.Read(size, _eventsTo).Where(entry => entry.Span.StartsWith(_event)).ToList())
        {
            var one = SealEvent.Parse(_installation, SignedNote.Parse(entry.Span).Text);
            if (one is { Kind: SealEventKind.Rotated, OldKey: { } old })
                _retired.Add(VerifierKey.Parse(old));
            if (one is { Kind: SealEventKind.Closed, Origin: { } origin })
                _closed.Add(origin);
        }

        _eventsTo = Math.Max(_eventsTo, size);
    }
}
