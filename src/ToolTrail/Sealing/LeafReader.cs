using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ToolTrail.Integrity;
using ToolTrail.Records;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>Reads a file's lines and hashes each as a leaf: the bytes without their LF. Memory is bounded, whatever the length of a line.</summary>
internal static class LeafReader
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Told some leaves in order. Valid during the call alone.</summary>
    /// <param name="leaves">The leaves.</param>
    /// <param name="erased">Which of them are of lines that were erased, by their index among them.</param>
    /// <param name="offset">Behind the last of their lines.</param>
    /// <returns>Whether to go on.</returns>
    public delegate bool LeavesFound(ReadOnlySpan<MerkleHash> leaves, ReadOnlySpan<int> erased, long offset);

    /// <summary>Hashes the whole lines of a range.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where a line begins.</param>
    /// <param name="to">Where to stop.</param>
    /// <param name="mostLines">How many lines at most.</param>
    /// <param name="seesErased">Whether the stub of an erased line counts as that line; where lines are signed for the first time it must not.</param>
    /// <param name="take">Told the leaves.</param>
    /// <returns>The offset behind the last whole line that was read: less than <paramref name="to"/> when the file ends before, or within a line.</returns>
    public static long Read(PartBytes file, long from, long to, long mostLines, bool seesErased, LeavesFound take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var leaves = new List<MerkleHash>();
        var erased = new List<int>();
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        try
        {
            while (from < to && mostLines > 0)
            {
                var read = Fill(file, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, to - from)), from);
                if (read == 0)
                    break;
                leaves.Clear();
                erased.Clear();
                var rest = buffer.AsSpan(0, read);
                for (int end; leaves.Count < mostLines && (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                {
                    if (seesErased && ErasedLine.TryRead(rest[..end], hash))
                    {
                        erased.Add(leaves.Count);
                        leaves.Add(new MerkleHash(hash));
                    }
                    else
                    {
                        leaves.Add(MerkleHash.Leaf(rest[..end]));
                    }
                }

                var next = from + read - rest.Length;
                if (leaves.Count == 0)
                {
                    if (LongLine(file, buffer, from, to, out next, out var stub) is not { } leaf)
                        break;
                    if (seesErased && stub is not null)
                        erased.Add(0);
                    leaves.Add(seesErased && stub is { } before ? before : leaf);
                }

                from = next;
                mostLines -= leaves.Count;
                if (!take(CollectionsMarshal.AsSpan(leaves), CollectionsMarshal.AsSpan(erased), from))
                    break;
            }

            return from;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A line longer than the buffer, or one without its LF. The stub: the leaf of the line that was erased there.
    private static MerkleHash? LongLine(PartBytes file, byte[] buffer, long from, long to, out long next, out MerkleHash? stub)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([0x00]);
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        stub = null;
        for (next = from; next < to;)
        {
            var chunk = buffer.AsSpan(0, Fill(file, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, to - next)), next));
            var end = chunk.IndexOf((byte)'\n');
            var line = end < 0 ? chunk : chunk[..end];
            sha.AppendData(line);
            // It begins like any stub, and goes on in spaces.
            if (next == from)
                stub = ErasedLine.TryRead(line, hash) ? new MerkleHash(hash) : null;
            else if (line.ContainsAnyExcept((byte)' '))
                stub = null;
            if (end >= 0)
            {
                next += end + 1;
                return new MerkleHash(sha.GetHashAndReset());
            }

            if (chunk.IsEmpty)
                break;
            next += chunk.Length;
        }

        return null;
    }

    // A compressed part gives a frame's rest at a time: a line may begin in one and end in the next.
    private static int Fill(PartBytes file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        for (int read; filled < buffer.Length && (read = file.Read(buffer[filled..], offset + filled)) > 0;)
            filled += read;
        return filled;
    }
}
