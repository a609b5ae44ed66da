using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>The parts that are closed: they stay so, and their trees need not be read again each minute. For one thread at a time.</summary>
internal sealed class ClosedParts
{
    private readonly TrailHome _home;
    private readonly Dictionary<string, HashSet<DayFileName>> _known = new(StringComparer.Ordinal);

    public ClosedParts(TrailHome home)
    {
        _home = home;
    }

    /// <summary>Forgets those of a user whose trees are gone: derived as they are, somebody may have thrown them away.</summary>
    /// <param name="userFolder">Whose.</param>
    /// <param name="trees">The trees that are there.</param>
    public void Keep(string userFolder, IEnumerable<DayFileName> trees) => Of(userFolder).IntersectWith(trees);

    /// <summary>Whether a part is closed, and the seal log says so.</summary>
    /// <param name="part">The part.</param>
    /// <param name="state">What its tree says, where that had to be read; <c>null</c> where there is none, or the part is known.</param>
    public bool Contains(PartName part, out TreeState? state)
    {
        state = null;
        var known = Of(part.UserFolder);
        if (known.Contains(part.File))
            return true;
        state = TreeState.Read(new PartFiles(_home, part).Tree);
        return state is { IsClosed: true, IsClosing: false } && known.Add(part.File);
    }

    private HashSet<DayFileName> Of(string userFolder)
    {
        if (!_known.TryGetValue(userFolder, out var known))
            _known.Add(userFolder, known = []);
        return known;
    }
}
