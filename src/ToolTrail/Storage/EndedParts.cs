using System.Collections.Concurrent;

namespace ToolTrail.Storage;

/// <summary>The parts that this process ended, after a failed sync, or because the file was replaced or does not fit what was signed: nothing is appended to them again.</summary>
internal sealed class EndedParts
{
    private readonly ConcurrentDictionary<(string Folder, DayFileName Name), long> _ended = new();

    /// <summary>Ends a part.</summary>
    /// <param name="folder">The user folder.</param>
    /// <param name="name">Day and part.</param>
    /// <param name="durable">Up to where it is known to be on disk: what stands behind may vanish.</param>
    public void Add(string folder, DayFileName name, long durable) => _ended[(folder, name)] = durable;

    /// <summary>The first part of a day that may still be written to, given the highest that is there.</summary>
    public int FirstOpen(string folder, DateOnly day, int highest)
    {
        var part = Math.Max(1, highest);
        foreach (var ended in _ended.Keys)
        {
            if (ended.Folder == folder && ended.Name.Day == day && ended.Name.Part >= part)
                part = ended.Name.Part + 1;
        }

        return part;
    }

    /// <summary>Whether a part was ended.</summary>
    public bool Contains(string folder, DayFileName name) => _ended.ContainsKey((folder, name));

    /// <summary>How much of a part counts as stored.</summary>
    public long Counted(string folder, DayFileName name, long length) => _ended.TryGetValue((folder, name), out var durable) ? Math.Min(durable, length) : length;
}
