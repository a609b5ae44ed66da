namespace ToolTrail.Reading;

/// <summary>A call, with what several captures told of it.</summary>
/// <param name="first">The first line that tells of it.</param>
internal sealed class SightedCall(Sighting first)
{
    private readonly List<ulong> _sources = [];
    private List<ulong>? _starts;

    /// <summary>The line that is its row: the first that tells how it ended; while there is none, the first that tells that it began.</summary>
    public Sighting First { get; private set; } = first;

    /// <summary>The ids of its <c>started</c> lines.</summary>
    public IReadOnlyList<ulong> Starts => _starts ?? (IReadOnlyList<ulong>)[];

    /// <summary>Whether a sighting is of this call. Of several at once that could be it, each is taken by one call of a source.</summary>
    public bool IsOf(Sighting sighting) => First.IsOfSameCallAs(sighting) && !_sources.Contains(sighting.Source);

    /// <summary>Whether a sighting would be its row.</summary>
    public bool IsToBegin(Sighting sighting) => First.IsStart && !sighting.IsStart;

    /// <summary>Makes a sighting its row.</summary>
    public void BeginWith(Sighting sighting) => First = sighting;

    /// <summary>Takes a sighting of it.</summary>
    public void Add(Sighting sighting)
    {
        if (!_sources.Contains(sighting.Source))
            _sources.Add(sighting.Source);
        if (sighting.IsStart)
            (_starts ??= []).Add(sighting.Id);
    }
}
