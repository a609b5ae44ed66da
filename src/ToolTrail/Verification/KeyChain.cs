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

    /// <summary>The keys, oldest first.</summary>
    public IEnumerable<VerifierKey> Keys => _keys.Select(key => key.Key);

    /// <summary>The key that signs now.</summary>
    public VerifierKey Current => _keys[^1].Key;

    /// <summary>Whether the key that signs now signed a note.</summary>
    public bool IsOfCurrent(SignedNote note) => _keys.Count > 0 && Current.Signed(note);

    /// <summary>Puts the chain together.</summary>
    /// <param name="rotations">The log's rotations, in order, and their entries' indexes.</param>
    /// <param name="trusted">Keys that are trusted.</param>
    /// <param name="broken">What does not fit; <c>null</c>: all does.</param>
    public static KeyChain Of(IReadOnlyList<(long Index, SealEvent Event)> rotations, IReadOnlyList<VerifierKey> trusted, out string? broken)
    {
        broken = null;
        if (rotations.Count == 0)
            return new KeyChain([.. trusted.Take(1).Select(key => (0L, key))]);
        var keys = new List<(long From, VerifierKey Key)> { (0, VerifierKey.Parse(rotations[0].Event.OldKey ?? "")) };
        foreach (var (index, rotated) in rotations)
        {
            if (rotated.OldKey != keys[^1].Key.ToString())
                broken ??= $"Entry {index} of the seal log says that '{rotated.OldKey}' is rotated, and '{keys[^1].Key}' signed then.";
            keys.Add((index + 1, VerifierKey.Parse(rotated.NewKey ?? "")));
        }

        if (!keys.Exists(key => trusted.Any(one => one.ToString() == key.Key.ToString())))
            broken ??= $"The seal log was signed by {string.Join(", ", keys.Select(key => $"'{key.Key}'"))}, none of which is trusted.";
        return new KeyChain(keys);
    }

    /// <summary>The key that counts for an entry.</summary>
    public VerifierKey At(long index) => _keys.FindLast(key => key.From <= index).Key;
}
