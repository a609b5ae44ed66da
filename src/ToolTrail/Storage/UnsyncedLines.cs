namespace ToolTrail.Storage;

/// <summary>What was appended for a user since the last sync: how much of it would be lost, and how far the files went. Safe for use by several threads.</summary>
internal sealed class UnsyncedLines
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DayFileName, long> _lengths = [];
    private long _count;

    /// <summary>Background lines.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts background lines that were appended.</summary>
    public void Add(long count)
    {
        lock (_gate)
            _count += count;
    }

    /// <summary>Notes how far a part goes.</summary>
    public void Note(DayFileName part, long length)
    {
        lock (_gate)
            _lengths[part] = length;
    }

    /// <summary>Everything that was counted is on disk, and so are some parts.</summary>
    public void Synced(IEnumerable<DayPart> parts)
    {
        lock (_gate)
        {
            _count = 0;
            foreach (var part in parts)
                _lengths.Remove(part.Name);
        }
    }

    /// <summary>Takes everything, before a sync that covers it.</summary>
    /// <param name="lengths">Up to where that sync brings each part.</param>
    /// <returns>Background lines.</returns>
    public long Take(out KeyValuePair<DayFileName, long>[] lengths)
    {
        lock (_gate)
        {
            lengths = [.. _lengths];
            _lengths.Clear();
            var count = _count;
            _count = 0;
            return count;
        }
    }
}
