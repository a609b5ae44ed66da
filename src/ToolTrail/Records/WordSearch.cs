using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace ToolTrail.Records;

/// <summary>Finds where the first of many words stands in a text, whatever the case. Safe for use by several threads.</summary>
internal sealed class WordSearch
{
    private readonly WordSift _sift;
    private readonly bool _ascii;
    private readonly int _longest;

    /// <param name="words">The words, none empty.</param>
    public WordSearch(IEnumerable<string> words)
    {
        string[] all = [.. words];
        _sift = new WordSift(all);
        _ascii = all.All(word => Ascii.IsValid(word));
        _longest = all.Max(word => word.Length);
    }

    /// <summary>The first place where a word stands; -1 when there is none.</summary>
    public int IndexOf(ReadOnlySpan<char> text) => Find(text);

    /// <summary>Whether a word stands at the text's beginning.</summary>
    public bool StandsAtStart(ReadOnlySpan<char> text) => Find(text[..Math.Min(text.Length, _longest)]) == 0;

    /// <summary>Whether a word may stand in UTF-8 text. Where words are not ASCII, it may say so wrongly; it never misses one.</summary>
    public bool MayStandIn(ReadOnlySpan<byte> utf8) => (!_ascii && !Ascii.IsValid(utf8)) || Find(utf8) >= 0;

    private int Find<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        Span<T> padded = stackalloc T[WordSift.Window];
        for (var at = 0; at < text.Length; at += WordSift.Places)
        {
            scoped var window = text[at..];
            if (window.Length < WordSift.Window)
            {
                padded.Clear();
                window.CopyTo(padded);
                window = padded;
            }

            var passed = _sift.Sift(window);
            for (var places = (~Vector128.Equals(passed, Vector128<byte>.Zero)).ExtractMostSignificantBits(); places != 0; places &= places - 1)
            {
                var place = BitOperations.TrailingZeroCount(places);
                if (at + place < text.Length && StandsAt(text[(at + place)..], passed[place]))
                    return at + place;
            }
        }

        return -1;
    }

    private bool StandsAt<T>(ReadOnlySpan<T> text, int buckets)
        where T : unmanaged
    {
        for (; buckets != 0; buckets &= buckets - 1)
        {
            foreach (var word in _sift.Words(BitOperations.TrailingZeroCount(buckets)))
            {
                if (text.Length >= word.Length && Same(text[..word.Length], word))
                    return true;
            }
        }

        return false;
    }

    private static bool Same<T>(ReadOnlySpan<T> text, string word)
        where T : unmanaged => typeof(T) == typeof(byte)
        ? Ascii.EqualsIgnoreCase(MemoryMarshal.Cast<T, byte>(text), word)
        : MemoryMarshal.Cast<T, char>(text).Equals(word, StringComparison.OrdinalIgnoreCase);
}
