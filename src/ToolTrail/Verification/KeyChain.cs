using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>The keys that signed an installation's seal log, one after the other: each names the next by an event, and counts no longer behind it.</summary>
internal sealed class KeyChain
{
    private readonly List<(long From, VerifierKey Key)> _keys;

    private KeyChain(List<(long From, VerifierKey Key)> keys)
    {
        _keys = keys;
    }

    /// <summary>While no log tells of others: the key that is trusted first.</summary>
    public static KeyChain OfFirst(IReadOnlyList<VerifierKey> trusted) => new([.. trusted.Take(1).Select(key => (0L, key))]);

    /// <summary>The keys, oldest first.</summary>
    public IEnumerable<VerifierKey> Keys => _keys.Select(key => key.Key);

    /// <summary>The key that signs now.</summary>
    public VerifierKey Current => _keys[^1].Key;

    /// <summary>Whether one of the keys signed a note, at whatever time.</summary>
    public bool IsOfAny(SignedNote note) => _keys.Exists(key => key.Key.Signed(note));

    /// <summary>Whether the key that signs now signed a note.</summary>
    public bool IsOfCurrent(SignedNote note) => _keys.Count > 0 && Current.Signed(note);

    /// <summary>Puts the chain together.</summary>
    /// <param name="rotations">The log's rotations, in order, and their entries' indexes.</param>
    /// <param name="head">The log's head, which tells the key while there was no rotation.</param>
    /// <param name="trusted">Keys that are trusted, at least one; each has to be in the chain.</param>
    /// <param name="broken">What does not fit; <c>null</c>: all does.</param>
    public static KeyChain Of(IReadOnlyList<(long Index, SealEvent Event)> rotations, SignedNote head, IReadOnlyList<VerifierKey> trusted, out string? broken)
    {
        broken = null;
        var keys = new List<(long From, VerifierKey Key)> { (0, rotations.Count == 0 ? trusted.FirstOrDefault(key => key.Signed(head)) ?? trusted[0] : VerifierKey.Parse(rotations[0].Event.OldKey ?? "")) };
        foreach (var (index, rotated) in rotations)
        {
            if (rotated.OldKey != keys[^1].Key.ToString())
                broken ??= $"Entry {index} of the seal log says that '{rotated.OldKey}' is rotated, and '{keys[^1].Key}' signed then.";
            keys.Add((index + 1, VerifierKey.Parse(rotated.NewKey ?? "")));
        }

        // All of them: whoever has a key that was retired could begin a log of their own with it, and only the keys since are not in that one.
        if (trusted.FirstOrDefault(one => !keys.Exists(key => key.Key.ToString() == one.ToString())) is { } missing)
            broken ??= $"The seal log was signed by {string.Join(", then by ", keys.Select(key => $"'{key.Key}'"))}, and never by '{missing}', which is trusted: it is another log, or an older state of this one.";
        return new KeyChain(keys);
    }

    /// <summary>The key that counts for an entry.</summary>
    public VerifierKey At(long index) => _keys.FindLast(key => key.From <= index).Key;
}
