namespace ToolTrail.Reading;

/// <summary>
/// Tells which of a user's lines tell of a call that an earlier line told of: several captures may look at one call. Given the sightings of one day in
/// the order of their lines, it remembers those of the last <see cref="Reach"/> bytes.
/// </summary>
internal sealed class SightedCalls
{
    /// <summary>What stands further apart is not looked for: some 800 lines.</summary>
    public const long Reach = 512 * 1024;

    private readonly Dictionary<ulong, List<Call>> _calls = [];
    private readonly Queue<Call> _inOrder = [];

    // How many of the remembered calls each source was first to tell of: mostly there is one source, and nothing to look for.
    private readonly Dictionary<ulong, int> _firsts = [];

    /// <summary>Takes the sighting of a call's outcome.</summary>
    /// <returns>The line that told of the call first; <c>null</c>: this one does.</returns>
    public Sighting? Add(Sighting sighting)
    {
        Forget(sighting.Place - Reach);
        if (Find(sighting) is { } call)
        {
            call.Sources.Add(sighting.Source);
            return call.First;
        }

        call = new Call(sighting);
        _inOrder.Enqueue(call);
        _firsts[sighting.Source] = _firsts.GetValueOrDefault(sighting.Source) + 1;
        foreach (var key in sighting.Keys)
        {
            if (!_calls.TryGetValue(key, out var calls))
                _calls.Add(key, calls = []);
            calls.Add(call);
        }

        return null;
    }

    /// <summary>The line that told of a call first of which another capture tells no more than that it began; <c>null</c>: none does.</summary>
    public Sighting? FirstOf(Sighting start) => Find(start)?.First;

    private Call? Find(Sighting sighting)
    {
        if (_firsts.Count - (_firsts.ContainsKey(sighting.Source) ? 1 : 0) == 0)
            return null;
        foreach (var key in sighting.Keys)
        {
            // Of several calls at once that could be it, each is taken by one line of a source.
            if (_calls.GetValueOrDefault(key)?.Find(call => call.First.IsOfSameCallAs(sighting) && !call.Sources.Contains(sighting.Source)) is { } call)
                return call;
        }

        return null;
    }

    private void Forget(long before)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.First.Place < before)
        {
            _inOrder.Dequeue();
            if (--_firsts[oldest.First.Source] == 0)
                _firsts.Remove(oldest.First.Source);
            foreach (var key in oldest.First.Keys)
            {
                _calls[key].Remove(oldest);
                if (_calls[key].Count == 0)
                    _calls.Remove(key);
            }
        }
    }

    private sealed class Call(Sighting first)
    {
        public Sighting First => first;

        // That have told of it.
        public List<ulong> Sources { get; } = [first.Source];
    }
}
