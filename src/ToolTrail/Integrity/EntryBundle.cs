using System.Buffers.Binary;

namespace ToolTrail.Integrity;

/// <summary>Up to 256 entries of a log in one file (C2SP tlog-tiles): each behind its length in two bytes, big-endian.</summary>
internal static class EntryBundle
{
    /// <summary>Bytes that an entry has at most.</summary>
    public const int MaxEntryBytes = ushort.MaxValue;

    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var bytes = new byte[entries.Sum(entry => 2 + entry.Length)];
        var rest = bytes.AsSpan();
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)entry.Length));
            entry.Span.CopyTo(rest[2..]);
            rest = rest[(2 + entry.Length)..];
        }

        return bytes;
    }

    /// <param name="bytes">The file.</param>
    /// <param name="width">How many entries it has to have.</param>
    /// <exception cref="IntegrityFormatException">It has not.</exception>
    public static List<ReadOnlyMemory<byte>> Decode(ReadOnlyMemory<byte> bytes, int width)
    {
        var entries = new List<ReadOnlyMemory<byte>>(width);
        while (!bytes.IsEmpty)
        {
            var length = bytes.Length < 2 ? ushort.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes.Span);
            if (bytes.Length < 2 + length)
                throw new IntegrityFormatException("A bundle of entries ends in the middle of one.");
            if (entries.Count == width)
                throw new IntegrityFormatException($"A bundle has more than its {width} entries.");
            entries.Add(bytes.Slice(2, length));
            bytes = bytes[(2 + length)..];
        }

        return entries.Count == width ? entries : throw new IntegrityFormatException($"A bundle has {entries.Count} entries instead of {width}.");
    }
}
