namespace ToolTrail.Reading;

/// <summary>
/// Tells which of a user's lines tell of one call: several captures may look at it, and each may tell that it began and how it ended. Given the
/// sightings of one day in the order of their lines, it remembers those of the last <see cref="Reach"/> bytes.
/// </summary>
internal sealed class SightedCalls
{
    /// <summary>What stands further apart is not looked for: some 800 lines.</summary>
    public const long Reach = 512 * 1024;

    private readonly Dictionary<ulong, List<SightedCall>> _calls = [];
    private readonly Dictionary<ulong, SightedCall> _begun = [];
    private readonly Queue<(SightedCall Call, Sighting First)> _inOrder = [];

    // How many of the remembered calls begin with a line of each source: mostly there is one source, and nothing to look for.
    private readonly Dictionary<ulong, int> _firsts = [];

    /// <summary>Takes a sighting.</summary>
    /// <returns>The call that it is of.</returns>
    public SightedCall Add(Sighting sighting)
    {
        Forget(sighting.Place - Reach);
        var call = _begun.GetValueOrDefault(sighting.Id) ?? Find(sighting);
        if (call is null)
        {
            Index(call = new SightedCall(sighting));
        }
        else if (call.IsToBegin(sighting))
        {
            Unindex(call);
            call.BeginWith(sighting);
            Index(call);
        }

        call.Add(sighting);
        if (sighting.IsStart)
            _begun[sighting.Id] = call;
        return call;
    }

    private SightedCall? Find(Sighting sighting)
    {
        if (_firsts.Count - (_firsts.ContainsKey(sighting.Source) ? 1 : 0) == 0)
            return null;
        foreach (var key in sighting.Keys)
        {
            if (_calls.GetValueOrDefault(key)?.Find(call => call.IsOf(sighting)) is { } call)
                return call;
        }

        return null;
    }

    private void Index(SightedCall call)
    {
        _inOrder.Enqueue((call, call.First));
        _firsts[call.First.Source] = _firsts.GetValueOrDefault(call.First.Source) + 1;
        foreach (var key in call.First.Keys)
        {
            if (!_calls.TryGetValue(key, out var calls))
                _calls.Add(key, calls = []);
            calls.Add(call);
        }
    }

    private void Unindex(SightedCall call)
    {
        if (--_firsts[call.First.Source] == 0)
            _firsts.Remove(call.First.Source);
        foreach (var key in call.First.Keys)
        {
            _calls[key].Remove(call);
            if (_calls[key].Count == 0)
                _calls.Remove(key);
        }
    }

    private void Forget(long before)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.First.Place < before)
        {
            _inOrder.Dequeue();
            // It may begin with a later line by now.
            if (oldest.Call.First != oldest.First)
                continue;
            Unindex(oldest.Call);
            foreach (var start in oldest.Call.Starts)
                _begun.Remove(start);
        }
    }
}
