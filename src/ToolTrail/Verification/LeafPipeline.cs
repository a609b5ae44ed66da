using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>Hashes a large file's lines on all cores: blocks side by side, and given in order.</summary>
internal static class LeafPipeline
{
    private const long BlockBytes = 4 * 1024 * 1024;

    /// <summary>Hashes the whole lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Up to where it is read.</param>
    /// <param name="take">Told the leaves in order, one call at a time.</param>
    /// <returns>The offset behind the last whole line.</returns>
    public static long Read(SafeFileHandle file, long length, LeafReader.LeavesFound take)
    {
        if (length <= BlockBytes)
            return LeafReader.Read(file, 0, length, long.MaxValue, take);

        // As many blocks as there are cores are hashed while those before are taken.
        var waiting = new Queue<Task<(List<MerkleHash> Leaves, long End)>>();
        var (next, offset) = (0L, 0L);
        while (true)
        {
            while (next < length && waiting.Count <= Environment.ProcessorCount)
            {
                var (from, to) = (LineStart(file, next, length), LineStart(file, Math.Min(length, next + BlockBytes), length));
                waiting.Enqueue(Task.Run(() => Hash(file, from, to)));
                next = Math.Max(to, next + BlockBytes);
            }

            if (!waiting.TryDequeue(out var block))
                return offset;
            var (leaves, end) = block.GetAwaiter().GetResult();
            offset = end;
            take(CollectionsMarshal.AsSpan(leaves), end);
        }
    }

    private static (List<MerkleHash> Leaves, long End) Hash(SafeFileHandle file, long from, long to)
    {
        var leaves = new List<MerkleHash>();
        var end = LeafReader.Read(file, from, to, long.MaxValue, (found, _) =>
        {
            leaves.AddRange(found);
            return true;
        });
        return (leaves, end);
    }

    // The first line that begins at or behind an offset.
    private static long LineStart(SafeFileHandle file, long offset, long length)
    {
        if (offset == 0 || offset == length)
            return offset;
        var end = Storage.LineScanner.EndOfLine(file, offset - 1, length);
        return end < 0 ? length : end;
    }
}
