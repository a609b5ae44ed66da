using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>
/// A closed part, held so that nobody else writes, signs or rewrites it: the only state in which a part may be compressed, erased from or removed. What is
/// done is told to the seal log first, and may be done again after a crash at any point.
/// </summary>
internal sealed class ClosedPart : IDisposable
{
    private readonly SealingContext _context;
    private readonly PartName _part;
    private readonly FolderLock _writers;
    private readonly TreeLocks _trees;
    private readonly TreeState _state;

    private ClosedPart(SealingContext context, PartName part, FolderLock writers, TreeLocks trees, TreeState state)
    {
        _context = context;
        _part = part;
        _writers = writers;
        _trees = trees;
        _state = state;
        Files = new PartFiles(context.Home, part);
    }

    /// <summary>Its files.</summary>
    public PartFiles Files { get; }

    /// <summary>Its lines for ever.</summary>
    public long Size => _state.Tree.Size;

    /// <summary>Takes hold of a part.</summary>
    /// <returns><c>null</c> when it is not closed, or another process has hold of it.</returns>
    public static ClosedPart? TryHold(SealingContext context, PartName part)
    {
        var files = new PartFiles(context.Home, part);
        if (!Directory.Exists(files.Folder))
            return null;
        var writers = new FolderLock(files.Folder);
        var trees = new TreeLocks(context.Home);
        try
        {
            writers.Enter();
            if (trees.TryEnter(part.UserFolder) && TreeState.Read(files.Tree) is { IsClosed: true, Alarm: null } state)
                return new ClosedPart(context, part, writers, trees, state);
        }
        catch
        {
            trees.Dispose();
            writers.Dispose();
            throw;
        }

        trees.Dispose();
        writers.Dispose();
        return null;
    }

    /// <summary>Compresses it, if it is not.</summary>
    /// <exception cref="PartAlarmException">Its lines are not those that were signed.</exception>
    public void Compress()
    {
        if (!File.Exists(Files.Lines))
            return;
        using var lines = PartBytes.TryOpen(Files.Lines)!;
        PartRewriter.Write(Files, lines, compress: true, Check);
    }

    /// <summary>Removes it: an event first, then its files. What is signed of it stays in the seal log.</summary>
    public void Remove(string reason)
    {
        _context.Log.Append(Event(SealEventKind.Removed, reason).ToText(_context.Home.Installation));
        // The lines last: while they are there, whoever looks for what is to be removed finds it again.
        Removal.DeleteTorn(_context.Home, _part);
        foreach (var path in new[] { Files.Leaves, Files.Checkpoint, Files.Lines + ".new", Files.Lines + PartBytes.CompressedExtension + ".new", Files.Lines, Files.Lines + PartBytes.CompressedExtension })
            File.Delete(path);
        SyncedFolder.Sync(Files.Folder);
    }

    /// <summary>Erases lines: each becomes a stub of the same length that keeps its leaf hash. The events must be in the seal log already.</summary>
    /// <param name="isErased">Whether a line is to be erased, by its number.</param>
    /// <exception cref="PartAlarmException">Its lines are not those that were signed.</exception>
    public void Erase(Predicate<long> isErased)
    {
        Removal.DeleteTorn(_context.Home, _part);
        using var lines = PartBytes.TryOpen(Files.Lines);
        if (lines is null)
            return;
        using var erased = new ErasedBytes(lines, isErased);
        PartRewriter.Write(Files, erased, compress: !File.Exists(Files.Lines), Check);
    }

    /// <summary>An event of this part.</summary>
    public SealEvent Event(SealEventKind kind, string reason) => new()
    {
        Kind = kind,
        Time = _context.Time.GetUtcNow(),
        Origin = PartOrigin.Of(_context.Home.Installation, _part),
        Size = _state.Tree.Size,
        Root = _state.Tree.Root(),
        Reason = reason,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _trees.Dispose();
        _writers.Dispose();
    }

    private void Check(PartBytes written)
    {
        var tree = new MerkleTree();
        LeafReader.Read(written, 0, written.Length, long.MaxValue, seesErased: true, (leaves, _, _) =>
        {
            foreach (var leaf in leaves)
                tree.Add(leaf);
            return true;
        });
        if (written.Length != _state.Offset || tree.Size != _state.Tree.Size || tree.Root() != _state.Tree.Root())
            throw new PartAlarmException("its lines are not those that it was closed with");
    }
}
