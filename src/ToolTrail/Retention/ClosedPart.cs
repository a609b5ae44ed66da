using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>
/// A closed part, held so that nobody else rewrites or removes it: the only state in which a part may be compressed, erased from or removed. Nobody writes to it
/// or signs it any more, so those who write and sign for the user go on. What is done is told to the seal log first, and may be done again after a crash at any
/// point.
/// </summary>
internal sealed class ClosedPart : IDisposable
{
    private readonly SealingContext _context;
    private readonly PartName _part;
    private readonly FolderLock _rewriting;
    private readonly TreeState _state;

    private ClosedPart(SealingContext context, PartName part, FolderLock rewriting, TreeState state)
    {
        _context = context;
        _part = part;
        _rewriting = rewriting;
        _state = state;
        Files = new PartFiles(context.Home, part);
    }

    /// <summary>Its files.</summary>
    public PartFiles Files { get; }

    /// <summary>Takes hold of a part.</summary>
    /// <param name="context">Whose.</param>
    /// <param name="part">The part.</param>
    /// <param name="waits">Whether to wait, at most 5 s, for another who has hold of one of the user's parts.</param>
    /// <returns><c>null</c> when it is not closed, or another has hold of it.</returns>
    /// <exception cref="PartAlarmException">It does not fit what was signed of it.</exception>
    /// <exception cref="LockTimeoutException">Another had hold of it all the time that was waited.</exception>
    public static ClosedPart? TryHold(SealingContext context, PartName part, bool waits = false)
    {
        var files = new PartFiles(context.Home, part);
        if (!Directory.Exists(files.Folder))
            return null;
        _ = SyncedFolder.Create(files.RewritingFolder);
        var rewriting = new FolderLock(files.RewritingFolder);
        try
        {
            if (TryEnter(rewriting, waits) && TreeState.Read(files.Tree) is { IsClosed: true } state)
                return state.Alarm is null ? new ClosedPart(context, part, rewriting, state) : throw new PartAlarmException(state.Alarm);
        }
        catch
        {
            rewriting.Dispose();
            throw;
        }

        rewriting.Dispose();
        return null;
    }

    /// <summary>Compresses it, if it is not.</summary>
    /// <param name="cancellationToken">Ends it in the middle; the part is as it was then.</param>
    /// <exception cref="PartAlarmException">Its lines are not those that were signed.</exception>
    public void Compress(CancellationToken cancellationToken)
    {
        using var lines = File.Exists(Files.Lines) ? PartBytes.TryOpen(Files.Lines) : null;
        if (lines is not null)
            PartRewriter.Write(Files, new CancellableBytes(lines, cancellationToken), compress: true, written => Check(written, cancellationToken));
    }

    /// <summary>Removes it: an event first, then its files. What is signed of it stays in the seal log.</summary>
    public void Remove(string reason)
    {
        // Half of it gone would be an alarm to whoever signs or writes.
        using var trees = new TreeLocks(_context.Home);
        trees.Enter(_part.UserFolder);
        using var writers = new FolderLock(Files.Folder);
        writers.Enter();
        _context.Log.Append(Event(SealEventKind.Removed, reason).ToText(_context.Home.Installation));
        // The lines last: while they are there, whoever looks for what is to be removed finds it again.
        Removal.DeleteTorn(_context.Home, _part);
        foreach (var path in (string[])[Files.Leaves, Files.Checkpoint, .. PartRewriter.LeftOvers(Files), Files.Lines, Files.Lines + PartBytes.CompressedExtension])
            File.Delete(path);
        SyncedFolder.Sync(Files.Folder);
    }

    /// <summary>Erases lines: each becomes a stub of the same length that keeps its leaf hash. The events must be in the seal log already.</summary>
    /// <param name="isErased">Whether a line is to be erased, by its number.</param>
    /// <param name="cancellationToken">Ends it in the middle; the part is as it was then.</param>
    /// <exception cref="PartAlarmException">Its lines are not those that were signed.</exception>
    public void Erase(Predicate<long> isErased, CancellationToken cancellationToken)
    {
        Removal.DeleteTorn(_context.Home, _part);
        using var lines = PartBytes.TryOpen(Files.Lines);
        if (lines is null)
            return;
        using var erased = new ErasedBytes(new CancellableBytes(lines, cancellationToken), isErased);
        PartRewriter.Write(Files, erased, compress: !File.Exists(Files.Lines), written => Check(written, cancellationToken));
    }

    /// <summary>Reads all of it.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PartAlarmException">Its lines are not those that were signed.</exception>
    public void Check(CancellationToken cancellationToken)
    {
        using var lines = PartBytes.TryOpen(Files.Lines);
        if (lines is not null)
            Check(lines, cancellationToken);
    }

    /// <summary>An event of this part.</summary>
    public SealEvent Event(SealEventKind kind, string reason) =>
        SealEvent.Of(kind, _context.Time.GetUtcNow(), new Checkpoint(PartOrigin.Of(_context.Home.Installation, _part), _state.Tree.Size, _state.Tree.Root())) with { Reason = reason };

    /// <inheritdoc/>
    public void Dispose() => _rewriting.Dispose();

    private static bool TryEnter(FolderLock rewriting, bool waits)
    {
        if (!waits)
            return rewriting.TryEnter();
        rewriting.Enter();
        return true;
    }

    private void Check(PartBytes lines, CancellationToken cancellationToken)
    {
        var tree = new MerkleTree();
        LeafReader.Read(new CancellableBytes(lines, cancellationToken), 0, lines.Length, long.MaxValue, seesErased: true, (leaves, _, _) =>
        {
            foreach (var leaf in leaves)
                tree.Add(leaf);
            return true;
        });
        if (lines.Length != _state.Offset || tree.Size != _state.Tree.Size || tree.Root() != _state.Tree.Root())
            throw new PartAlarmException("its lines are not those that it was closed with");
    }
}
