using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ToolTrail.Records;

/// <summary>
/// Sifts the places of a text where one of many words may begin, sixteen at a time, by each word's first three characters: two look-ups of half
/// a byte each a character (the "Teddy" algorithm). Case is dropped, and all that is not ASCII looks the same. Immutable once built.
/// </summary>
internal sealed class WordSift
{
    /// <summary>Places looked at at once.</summary>
    public const int Places = 16;

    /// <summary>Characters that must be readable for it: those of the last place's beginning too.</summary>
    public const int Window = Places + Looked - 1;

    /// <summary>Characters of a word's beginning that are looked at.</summary>
    public const int Looked = 3;

    // Words are shared out to eight buckets, of which each has a bit. A half of a byte may stand, in a word's beginning, for these buckets:
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Looked];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Looked];

    /// <param name="words">The words, none empty.</param>
    public WordSift(IEnumerable<string> words)
    {
        var buckets = Enumerable.Range(0, 8).Select(_ => new Bucket()).ToArray();
        foreach (var start in words.Select(word => string.Concat(word.Take(Looked).Select(c => (char)Fold(c)))).Distinct(StringComparer.Ordinal))
            buckets.MinBy(bucket => bucket.CostOf(start))!.Add(start);
        for (var i = 0; i < Looked; i++)
        {
            _low[i] = Table(buckets, bucket => bucket.Low[i]);
            _high[i] = Table(buckets, bucket => bucket.High[i]);
        }
    }

    /// <summary>Drops the case of ASCII letters (and merges a few signs); all that is not ASCII is the same.</summary>
    public static byte Fold(int c) => c < 0x80 ? (byte)(c | 0x20) : (byte)0xFF;

    /// <summary>Sifts the first <see cref="Places"/> of a text's places.</summary>
    /// <typeparam name="T">UTF-8 bytes, or UTF-16 units.</typeparam>
    /// <param name="text">At least <see cref="Window"/> characters.</param>
    /// <returns>A bit, from the lowest on, for each place where a word may begin.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Sift<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        var passed = Vector128<byte>.AllBitsSet;
        for (var i = 0; i < Looked; i++)
        {
            // Folded as Fold does: above ASCII is negative here.
            var characters = Load(text, i);
            characters |= Vector128.Create((byte)0x20) | Vector128.LessThan(characters.AsSByte(), Vector128<sbyte>.Zero).AsByte();
            passed &= Vector128.ShuffleNative(_low[i], characters & Vector128.Create((byte)0x0F))
                & Vector128.ShuffleNative(_high[i], (characters.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)0x0F));
        }

        return (~Vector128.Equals(passed, Vector128<byte>.Zero)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load<T>(ReadOnlySpan<T> text, int start)
        where T : unmanaged
    {
        if (typeof(T) == typeof(byte))
            return Vector128.Create(MemoryMarshal.Cast<T, byte>(text).Slice(start, Places));
        var units = MemoryMarshal.Cast<T, ushort>(text).Slice(start, Places);
        return Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[8..]));
    }

    private static Vector128<byte> Table(Bucket[] buckets, Func<Bucket, ushort> halves)
    {
        var table = new byte[16];
        for (var half = 0; half < 16; half++)
        {
            for (var bucket = 0; bucket < buckets.Length; bucket++)
                table[half] |= (byte)(((halves(buckets[bucket]) >> half) & 1) << bucket);
        }

        return Vector128.Create(table);
    }

    // Which halves of a byte its words have at each place of their beginnings.
    private sealed class Bucket
    {
        public ushort[] Low { get; } = new ushort[Looked];

        public ushort[] High { get; } = new ushort[Looked];

        /// <summary>How many more beginnings pass once this one must.</summary>
        public int CostOf(string start)
        {
            var (before, after) = (1, 1);
            for (var i = 0; i < Looked; i++)
            {
                var (low, high) = Halves(start, i);
                before *= BitOperations.PopCount(Low[i]) * BitOperations.PopCount(High[i]);
                after *= BitOperations.PopCount((uint)(Low[i] | low)) * BitOperations.PopCount((uint)(High[i] | high));
            }

            return after - before;
        }

        public void Add(string start)
        {
            for (var i = 0; i < Looked; i++)
            {
                var (low, high) = Halves(start, i);
                Low[i] |= low;
                High[i] |= high;
            }
        }

        // What follows a word that is shorter may be anything.
        private static (ushort Low, ushort High) Halves(string start, int i) =>
            i < start.Length ? ((ushort)(1 << (start[i] & 0x0F)), (ushort)(1 << (start[i] >> 4))) : (ushort.MaxValue, ushort.MaxValue);
    }
}
