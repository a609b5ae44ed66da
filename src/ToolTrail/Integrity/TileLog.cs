using System.Numerics;
using System.Runtime.InteropServices;
using ToolTrail.Storage;

namespace ToolTrail.Integrity;

/// <summary>
/// A log in a folder, in the layout of C2SP tlog-tiles, so that a web server that hands out the folder's files serves the log. Whoever appends holds a
/// lock of their own; any number of readers read what a checkpoint that they have stands for.
/// </summary>
internal sealed class TileLog
{
    private readonly string _folder;

    /// <param name="folder">Absolute path; made when the first entry is written.</param>
    public TileLog(string folder)
    {
        _folder = folder;
    }

    /// <summary>The newest signed checkpoint; <c>null</c>: none was written yet.</summary>
    /// <exception cref="IntegrityFormatException">The file is no note.</exception>
    public SignedNote? ReadHead()
    {
        var path = Path.Combine(_folder, TilePath.Checkpoint);
        return File.Exists(path) ? SignedNote.Parse(File.ReadAllBytes(path)) : null;
    }

    /// <summary>Appends entries: on disk when it returns.</summary>
    /// <param name="size">Entries there are: those of the newest checkpoint. What stands behind, from an append that did not come to its end, is overwritten.</param>
    /// <param name="entries">At least one, at most 65,535 bytes each.</param>
    /// <param name="sign">Signs the new checkpoint, given size and root.</param>
    /// <returns>The new head.</returns>
    public SignedNote Append(long size, IReadOnlyList<ReadOnlyMemory<byte>> entries, Func<long, MerkleHash, SignedNote> sign)
    {
        // First what the checkpoint will speak of, then the checkpoint: at every moment all is there that it stands for.
        WriteEntries(size, entries);
        WriteHashes(size, entries);
        var newSize = size + entries.Count;
        var head = sign(newSize, Root(newSize));
        Write(TilePath.Checkpoint, head.ToBytes());
        return head;
    }

    /// <summary>The root of the first entries, from the tiles.</summary>
    /// <exception cref="IntegrityFormatException">A tile that is needed is missing, or not in its format.</exception>
    public MerkleHash Root(long size) => RootAt(size, size);

    /// <summary>The root that the log had when it was smaller.</summary>
    /// <param name="size">Entries there are.</param>
    /// <param name="oldSize">Entries there were.</param>
    /// <exception cref="IntegrityFormatException">A tile that is needed is missing, or not in its format.</exception>
    public MerkleHash RootAt(long size, long oldSize) => oldSize == 0 ? MerkleHash.Empty : Subtree(size, 0, oldSize);

    /// <summary>The root of a subtree of the first entries, for <see cref="MerkleProof"/>.</summary>
    /// <param name="size">Entries of the tree.</param>
    /// <param name="start">First leaf.</param>
    /// <param name="end">The leaf behind the last.</param>
    /// <exception cref="IntegrityFormatException">A tile that is needed is missing, or not in its format.</exception>
    public MerkleHash Subtree(long size, long start, long end)
    {
        var leaves = end - start;
        if (BitOperations.IsPow2(leaves))
            return Full(size, BitOperations.Log2((ulong)leaves), start);
        var middle = start + (1L << BitOperations.Log2((ulong)leaves));
        return MerkleHash.Node(Subtree(size, start, middle), Subtree(size, middle, end));
    }

    /// <summary>Entries in order.</summary>
    /// <param name="size">Entries of the tree.</param>
    /// <param name="start">The first to be read.</param>
    /// <exception cref="IntegrityFormatException">A bundle is missing, or not in its format.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Read(long size, long start = 0)
    {
        for (var bundle = start / TilePath.FullWidth; bundle * TilePath.FullWidth < size; bundle++)
        {
            foreach (var entry in ReadEntries(size, bundle).Skip((int)Math.Max(0, start - (bundle * TilePath.FullWidth))))
                yield return entry;
        }
    }

    /// <summary>Entries and their indexes, the last first.</summary>
    /// <param name="size">Entries of the tree.</param>
    /// <exception cref="IntegrityFormatException">A bundle is missing, or not in its format.</exception>
    public IEnumerable<(long Index, ReadOnlyMemory<byte> Entry)> ReadBackwards(long size)
    {
        for (var bundle = (size - 1) / TilePath.FullWidth; size > 0 && bundle >= 0; bundle--)
        {
            var entries = ReadEntries(size, bundle);
            for (var i = entries.Count - 1; i >= 0; i--)
                yield return ((bundle * TilePath.FullWidth) + i, entries[i]);
        }
    }

    private void WriteEntries(long size, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        for (var done = 0; done < entries.Count;)
        {
            var bundle = (size + done) / TilePath.FullWidth;
            var before = (int)((size + done) % TilePath.FullWidth);
            var take = Math.Min(TilePath.FullWidth - before, entries.Count - done);
            List<ReadOnlyMemory<byte>> all = before == 0 ? [] : ReadEntries(size, bundle);
            all.AddRange(entries.Skip(done).Take(take));
            Write(TilePath.Entries(bundle, before + take), EntryBundle.Encode(all));
            done += take;
        }
    }

    private void WriteHashes(long size, IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var (level, hashes) = (0, entries.Select(entry => MerkleHash.Leaf(entry.Span)).ToList());
        for (var there = size; hashes.Count > 0; level++, there /= TilePath.FullWidth)
        {
            var above = new List<MerkleHash>();
            for (var done = 0; done < hashes.Count;)
            {
                var tile = (there + done) / TilePath.FullWidth;
                var before = (int)((there + done) % TilePath.FullWidth);
                var take = Math.Min(TilePath.FullWidth - before, hashes.Count - done);
                MerkleHash[] all = [.. before == 0 ? [] : ReadHashes(level, tile, before), .. hashes.Skip(done).Take(take)];
                Write(TilePath.Hashes(level, tile, all.Length), MemoryMarshal.AsBytes<MerkleHash>(all));
                if (all.Length == TilePath.FullWidth)
                    above.Add(RootOf(all));
                done += take;
            }

            hashes = above;
        }
    }

    // The root of 2^height leaves from a multiple of that number on.
    private MerkleHash Full(long size, int height, long start)
    {
        var level = height / 8;
        var first = start >> (8 * level);
        var tile = first / TilePath.FullWidth;
        var width = (int)Math.Min(TilePath.FullWidth, (size >> (8 * level)) - (tile * TilePath.FullWidth));
        var offset = (int)(first % TilePath.FullWidth);
        return RootOf(ReadHashes(level, tile, width).AsSpan(offset, 1 << (height % 8)));
    }

    private static MerkleHash RootOf(ReadOnlySpan<MerkleHash> hashes)
    {
        var tree = new MerkleTree();
        foreach (var hash in hashes)
            tree.Add(hash);
        return tree.Root();
    }

    private List<ReadOnlyMemory<byte>> ReadEntries(long size, long bundle)
    {
        var width = (int)Math.Min(TilePath.FullWidth, size - (bundle * TilePath.FullWidth));
        return ReadOf(TilePath.Entries(bundle, width)) is { } bytes
            ? EntryBundle.Decode(bytes, width)
            : EntryBundle.Decode(ReadFull(TilePath.Entries(bundle, TilePath.FullWidth)), TilePath.FullWidth)[..width];
    }

    private MerkleHash[] ReadHashes(int level, long tile, int width)
    {
        var bytes = ReadOf(TilePath.Hashes(level, tile, width));
        var expected = bytes is null ? TilePath.FullWidth : width;
        bytes ??= ReadFull(TilePath.Hashes(level, tile, TilePath.FullWidth));
        if (bytes.Length != expected * MerkleHash.Size)
            throw new IntegrityFormatException($"The tile {TilePath.Hashes(level, tile, expected)} has {bytes.Length} bytes instead of {expected * MerkleHash.Size}.");
        return MemoryMarshal.Cast<byte, MerkleHash>(bytes)[..width].ToArray();
    }

    // A partial file may be gone once the full one is there.
    private byte[] ReadFull(string name) => ReadOf(name) ?? throw new IntegrityFormatException($"The log's file {name} is missing.");

    private byte[]? ReadOf(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder, name);
        foreach (var folder in SyncedFolder.Create(Path.GetDirectoryName(path)!))
            SyncedFolder.Sync(folder);
        DurableFile.Write(path, content);

        // Of no more use once the full one is there (C2SP tlog-tiles, "Partial tiles").
        if (Directory.Exists(path + TilePath.PartialFolder))
            Directory.Delete(path + TilePath.PartialFolder, recursive: true);
    }
}
