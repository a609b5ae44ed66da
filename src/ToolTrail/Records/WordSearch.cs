using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ToolTrail.Records;

/// <summary>Finds where the first of many words stands in a text, whatever the case. Safe for use by several threads.</summary>
internal sealed class WordSearch
{
    private readonly WordSift _sift;
    private readonly Known[][] _byFirst;
    private readonly bool _ascii;

    /// <param name="words">The words, none empty.</param>
    public WordSearch(IReadOnlyCollection<Word> words)
    {
        _sift = new WordSift(words.Select(word => word.Text));
        var byFirst = words.Select(Know).ToLookup(known => (byte)known.Start);
        _byFirst = [.. Enumerable.Range(0, 256).Select(first => byFirst[(byte)first].ToArray())];
        _ascii = words.All(word => Ascii.IsValid(word.Text));
    }

    /// <summary>Finds the first place where a word stands.</summary>
    /// <param name="text">The text.</param>
    /// <param name="kinds">The kinds of all words that stand there.</param>
    /// <returns>The place; -1 when there is none.</returns>
    public int IndexOf(ReadOnlySpan<char> text, out WordKinds kinds) => Find(text, out kinds);

    /// <summary>Whether a word may stand in UTF-8 text. Where words are not ASCII, it may say so wrongly; it never misses one.</summary>
    public bool MayStandIn(ReadOnlySpan<byte> utf8) => (!_ascii && !Ascii.IsValid(utf8)) || Find(utf8, out _) >= 0;

    private static Known Know(Word word) =>
        new(word, StartOf<char>(word.Text), word.Text.Length < WordSift.Looked ? (1u << (8 * word.Text.Length)) - 1 : uint.MaxValue);

    private int Find<T>(ReadOnlySpan<T> text, out WordKinds kinds)
        where T : unmanaged
    {
        var at = 0;
        for (; text.Length - at >= WordSift.Window; at += WordSift.Places)
        {
            var places = _sift.Sift(text[at..]);
            if (places != 0 && FindAt(text, at, places, out kinds) is >= 0 and var found)
                return found;
        }

        return FindInRest(text, at, out kinds);
    }

    private int FindInRest<T>(ReadOnlySpan<T> text, int at, out WordKinds kinds)
        where T : unmanaged
    {
        Span<T> padded = stackalloc T[2 * WordSift.Window];
        padded.Clear();
        text[at..].CopyTo(padded);
        for (var start = 0; at < text.Length; at += WordSift.Places, start += WordSift.Places)
        {
            if (FindAt(text, at, _sift.Sift<T>(padded[start..]), out kinds) is >= 0 and var found)
                return found;
        }

        kinds = WordKinds.None;
        return -1;
    }

    private int FindAt<T>(ReadOnlySpan<T> text, int at, uint places, out WordKinds kinds)
        where T : unmanaged
    {
        for (; places != 0; places &= places - 1)
        {
            var place = BitOperations.TrailingZeroCount(places);
            if (at + place == text.Length)
                break;
            kinds = KindsAt(text[(at + place)..]);
            if (kinds != WordKinds.None)
                return at + place;
        }

        kinds = WordKinds.None;
        return -1;
    }

    private WordKinds KindsAt<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        var kinds = WordKinds.None;
        var start = typeof(T) == typeof(byte) ? StartOf(MemoryMarshal.Cast<T, byte>(text)) : StartOf(MemoryMarshal.Cast<T, char>(text));
        foreach (ref readonly var known in _byFirst[(byte)start].AsSpan())
        {
            if ((start & known.Mask) == known.Start && text.Length >= known.Word.Text.Length && Same(text[..known.Word.Text.Length], known.Word.Text))
                kinds |= known.Word.Kind;
        }

        return kinds;
    }

    private static bool Same<T>(ReadOnlySpan<T> text, string word)
        where T : unmanaged => typeof(T) == typeof(byte)
        ? Ascii.EqualsIgnoreCase(MemoryMarshal.Cast<T, byte>(text), word)
        : MemoryMarshal.Cast<T, char>(text).Equals(word, StringComparison.OrdinalIgnoreCase);

    // The first characters, folded; behind the end of a shorter text stand zeros.
    private static uint StartOf<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        uint start = 0;
        for (var i = Math.Min(text.Length, WordSift.Looked) - 1; i >= 0; i--)
            start = (start << 8) | WordSift.Fold(int.CreateTruncating(text[i]));
        return start;
    }

    private readonly record struct Known(Word Word, uint Start, uint Mask);
}
