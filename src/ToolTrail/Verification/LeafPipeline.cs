using System.Runtime.InteropServices;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>Hashes a large file's lines on all cores: blocks side by side, and given in order.</summary>
internal static class LeafPipeline
{
    private const long BlockBytes = 4 * 1024 * 1024;

    /// <summary>Hashes the whole lines of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="length">Up to where it is read.</param>
    /// <param name="take">Told the leaves in order, one call at a time.</param>
    /// <returns>The offset behind the last whole line that was told.</returns>
    public static long Read(PartBytes file, long length, LeafReader.LeavesFound take)
    {
        if (length <= BlockBytes)
            return LeafReader.Read(file, 0, length, long.MaxValue, seesErased: true, take);

        // As many blocks as there are cores are hashed while those before are taken.
        var waiting = new Queue<Task<Block>>();
        var (next, offset) = (0L, 0L);
        try
        {
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
                var hashed = block.GetAwaiter().GetResult();
                offset = hashed.End;
                if (!take(CollectionsMarshal.AsSpan(hashed.Leaves), CollectionsMarshal.AsSpan(hashed.Erased), offset))
                    return offset;
            }
        }
        finally
        {
            // Those that nobody needs any more still read the file, which the caller will close. How they end is of no matter.
            Task.WhenAll((IEnumerable<Task>)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        }
    }

    private static Block Hash(PartBytes file, long from, long to)
    {
        var (leaves, erased) = (new List<MerkleHash>(), new List<int>());
        var end = LeafReader.Read(file, from, to, long.MaxValue, seesErased: true, (found, stubs, _) =>
        {
            foreach (var stub in stubs)
                erased.Add(leaves.Count + stub);
            leaves.AddRange(found);
            return true;
        });
        return new Block(leaves, erased, end);
    }

    // The first line that begins at or behind an offset.
    private static long LineStart(PartBytes file, long offset, long length)
    {
        if (offset == 0 || offset == length)
            return offset;
        var end = LineScanner.EndOfLine(file, offset - 1, length);
        return end < 0 ? length : end;
    }

    private sealed record Block(List<MerkleHash> Leaves, List<int> Erased, long End);
}
