using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Integrity;

namespace ToolTrail.Sealing;

/// <summary>Reads a file's lines and hashes each as a leaf: the bytes without their LF. Memory is bounded, whatever the length of a line.</summary>
internal static class LeafReader
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Told some leaves in order, and the offset behind the last of their lines. Valid during the call alone.</summary>
    /// <returns>Whether to go on.</returns>
    public delegate bool LeavesFound(ReadOnlySpan<MerkleHash> leaves, long offset);

    /// <summary>Hashes the whole lines of a range.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where a line begins.</param>
    /// <param name="to">Where to stop.</param>
    /// <param name="mostLines">How many lines at most.</param>
    /// <param name="take">Told the leaves.</param>
    /// <returns>The offset behind the last whole line that was read: less than <paramref name="to"/> when the file ends before, or within a line.</returns>
    public static long Read(SafeFileHandle file, long from, long to, long mostLines, LeavesFound take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var leaves = new List<MerkleHash>();
        try
        {
            while (from < to && mostLines > 0)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, to - from)), from);
                if (read == 0)
                    break;
                leaves.Clear();
                var rest = buffer.AsSpan(0, read);
                for (int end; leaves.Count < mostLines && (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                    leaves.Add(MerkleHash.Leaf(rest[..end]));
                var next = from + read - rest.Length;
                if (leaves.Count == 0)
                {
                    if (LongLine(file, buffer, from, to, out next) is not { } leaf)
                        break;
                    leaves.Add(leaf);
                }

                from = next;
                mostLines -= leaves.Count;
                if (!take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaves), from))
                    break;
            }

            return from;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A line longer than the buffer, or one without its LF.
    private static MerkleHash? LongLine(SafeFileHandle file, byte[] buffer, long from, long to, out long next)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([0x00]);
        for (next = from; next < to;)
        {
            var chunk = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(ChunkBytes, to - next)), next));
            var end = chunk.IndexOf((byte)'\n');
            sha.AppendData(end < 0 ? chunk : chunk[..end]);
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
}
