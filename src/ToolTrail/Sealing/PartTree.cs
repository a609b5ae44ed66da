using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ToolTrail.Integrity;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// The Merkle tree of one part, taken up from what is signed of it and grown line by line. Used by one thread at a time, which holds the lock of the user's
/// trees.
/// </summary>
internal sealed class PartTree
{
    private readonly SealingContext _context;
    private readonly string _origin;
    private byte[]? _checkpoint;
    private bool _isTakenUp;

    public PartTree(SealingContext context, PartName part)
    {
        _context = context;
        Part = part;
        Files = new PartFiles(context.Home, part);
        _origin = PartOrigin.Of(context.Home.Installation, part);
    }

    /// <summary>The part.</summary>
    public PartName Part { get; }

    /// <summary>Its files.</summary>
    public PartFiles Files { get; }

    /// <summary>How far it has come.</summary>
    public TreeState State { get; set; } = new();

    /// <summary>Whether lines were added since the newest checkpoint.</summary>
    public bool HasGrown { get; private set; }

    /// <summary>The checkpoint of the tree as it is now.</summary>
    public Checkpoint Checkpoint => new(_origin, State.Tree.Size, State.Tree.Root());

    /// <summary>Takes up what is signed of the part, unless that was done and nobody else signed since.</summary>
    /// <param name="file">The part's file.</param>
    /// <exception cref="PartAlarmException">The part does not fit it.</exception>
    public void TakeUp(PartBytes file)
    {
        var onDisk = File.Exists(Files.Checkpoint) ? File.ReadAllBytes(Files.Checkpoint) : null;
        var state = TreeState.Read(Files.Tree);
        // Whoever closed it need not have signed anything.
        if (_isTakenUp && onDisk.AsSpan().SequenceEqual(_checkpoint) && state?.IsClosed != true)
            return;

        // What this process signed it knows, whatever was done to the files since.
        if (_isTakenUp && onDisk is null && _checkpoint is not null)
            throw new PartAlarmException($"its checkpoint is missing, and {State.Tree.Size} lines of it were signed");
        var known = _isTakenUp ? State.Sealed : null;
        (_isTakenUp, HasGrown) = (false, false);
        if (state?.Alarm is { } alarm)
            throw new PartAlarmException(alarm);
        var (seal, isClosed) = (state?.Sealed, state?.IsClosed ?? false);
        if (state is null)
            seal = LookInTheLog(hasCheckpoint: onDisk is not null, out isClosed);
        if (known is { } newer && newer.Index > (seal?.Index ?? -1))
            seal = newer;
        var isForeign = seal is null && (state is { Tree.Size: > 0 } ? state.IsForeign : !_context.IsOurs(Part));
        State = (onDisk is null ? Begin(state, seal) : Resume(onDisk, state, seal, file)) with { IsClosed = isClosed, IsClosing = state?.IsClosing ?? false, IsForeign = isForeign };
        if (state is null && onDisk is not null)
            State.Write(Files.Tree);
        _checkpoint = onDisk;
        _isTakenUp = true;
    }

    /// <summary>The same, by reading the part from its first byte.</summary>
    /// <exception cref="PartAlarmException">The part does not fit what is signed of it.</exception>
    public void TakeUpFromBytes(PartBytes file)
    {
        TakeUp(file);
        var state = State;
        if (_checkpoint is not null)
            State = Rebuild(state.Tree.Size, state.Tree.Root(), state.Sealed, file) with { Sealed = state.Sealed, SealedAt = state.SealedAt, IsClosed = state.IsClosed, IsClosing = state.IsClosing };
    }

    /// <summary>Adds the whole lines up to an offset, and writes down their leaves.</summary>
    public void GrowTo(PartBytes file, long length)
    {
        if (file.Length < State.Offset)
            throw new PartAlarmException($"it has {file.Length} bytes, and {State.Offset} were signed: it became shorter");
        if (length <= State.Offset)
            return;
        if (State.IsClosed)
            throw new PartAlarmException($"it was closed with {State.Tree.Size} lines, and something was written behind them");
        if (State.Offset > 0 && LineScanner.ReadFully(file, stackalloc byte[1], State.Offset - 1)[0] != '\n')
            throw new PartAlarmException($"no line ends at byte {State.Offset}, up to where it was signed: it was changed");
        using var leaves = NativeFile.System.OpenUpdate(Files.Leaves);
        State = Grow(State, file, length, long.MaxValue, leaves, isSigned: false);
        HasGrown |= State.Tree.Size > 0;
        if (State.Offset < length)
            throw new PartAlarmException($"it had {length} bytes on disk and has lines for {State.Offset}: it became shorter");
    }

    /// <summary>Notes that its checkpoint is in the seal log, and keeps that.</summary>
    public void Sealed(long index, long now)
    {
        State = State with { Sealed = new SealReference(index, State.Tree.Size, State.Tree.Root()), SealedAt = now, IsForeign = false };
        State.Write(Files.Tree);
    }

    /// <summary>Takes up a part that is closed, whose file need not be there any more.</summary>
    /// <returns>Whether it is.</returns>
    public bool IsClosed()
    {
        if (TreeState.Read(Files.Tree) is not { IsClosed: true } state)
            return false;
        State = state;
        return true;
    }

    /// <summary>The checkpoint of the tree as it is now, signed: a note.</summary>
    public byte[] NewCheckpoint() => SignedNote.Sign(Checkpoint.ToString(), _context.Log.Key()).ToBytes();

    /// <summary>Brings a checkpoint of the tree as it is now to the disk.</summary>
    public void Sign(byte[] checkpoint)
    {
        DurableFile.Write(Files.Checkpoint, checkpoint);
        Signed(checkpoint);
    }

    /// <summary>Notes the checkpoint that was brought to the disk, and how far the tree has come.</summary>
    public void Signed(byte[] checkpoint)
    {
        (_checkpoint, HasGrown) = (checkpoint, false);
        State.Write(Files.Tree);
    }

    // Nothing is signed beside the part.
    private static TreeState Begin(TreeState? state, SealReference? seal)
    {
        if (seal is { } sealedOne)
            throw new PartAlarmException($"its checkpoint is missing, and {sealedOne.Size} lines of it were sealed (entry {sealedOne.Index} of the seal log)");
        if (state is { Tree.Size: > 0 })
            throw new PartAlarmException($"its checkpoint is missing, and {state.Tree.Size} lines of it were signed");
        return new TreeState();
    }

    // A part that a recorder just made has no entry, unless it was made anew in place of one that was signed. A log is long: its last entries have to do.
    private SealReference? LookInTheLog(bool hasCheckpoint, out bool isClosed)
    {
        isClosed = false;
        return hasCheckpoint || !_context.IsOurs(Part) || _context.Log.WasSealedLately(_origin) ? _context.Log.FindNewest(_origin, out isClosed) : null;
    }

    private TreeState Resume(byte[] onDisk, TreeState? state, SealReference? seal, PartBytes file)
    {
        var (size, root) = Read(onDisk, seal);
        if (seal is { } newest && (size < newest.Size || (size == newest.Size && root != newest.Root)))
            throw new PartAlarmException($"its checkpoint speaks of {size} lines, and {newest.Size} lines were sealed (entry {newest.Index} of the seal log): it was put back");

        var sealedAt = state?.SealedAt ?? 0;
        if (state is not null && state.Tree.Size <= size && LeavesOf(Files.Leaves) >= state.Tree.Size)
        {
            using var leaves = NativeFile.System.OpenUpdate(Files.Leaves);
            var grown = Grow(state, file, long.MaxValue, size, leaves, isSigned: true);
            if (grown.Tree.Size == size && grown.Tree.Root() == root)
                return grown;
        }

        return Rebuild(size, root, seal, file) with { Sealed = seal, SealedAt = sealedAt };
    }

    private (long Size, MerkleHash Root) Read(byte[] onDisk, SealReference? seal)
    {
        try
        {
            var note = SignedNote.Parse(onDisk);
            var checkpoint = Checkpoint.Parse(note.Text);
            if (checkpoint.Origin != _origin)
                throw new PartAlarmException($"its checkpoint is that of '{checkpoint.Origin}': it was put in another's place");
            if (_context.Log.Key().Verifier.Signed(note))
                return (checkpoint.Size, checkpoint.Root);
            if (!_context.Log.RetiredKeys().Any(key => key.Signed(note)))
                throw new PartAlarmException("its checkpoint is not signed by this installation's key");
            // Of a retired key's only what was sealed counts.
            var known = seal is { } newest && newest.Size <= checkpoint.Size ? newest : new SealReference(0, 0, MerkleHash.Empty);
            return (known.Size, known.Root);
        }
        catch (IntegrityFormatException e)
        {
            throw new PartAlarmException($"its checkpoint cannot be read: {e.Message}");
        }
    }

    // From the first byte, and held against all that is signed.
    private TreeState Rebuild(long size, MerkleHash root, SealReference? seal, PartBytes file)
    {
        using var leaves = NativeFile.System.OpenUpdate(Files.Leaves);
        var state = new TreeState();
        var signed = seal is { } newest && newest.Size < size ? [(newest.Size, newest.Root), (size, root)] : new[] { (Size: size, Root: root) };
        foreach (var (signedSize, signedRoot) in signed)
        {
            state = Grow(state, file, long.MaxValue, signedSize, leaves, isSigned: true);
            if (state.Tree.Size < signedSize)
                throw new PartAlarmException($"it has {state.Tree.Size} lines, and {signedSize} were signed: it became shorter");
            if (state.Tree.Root() != signedRoot)
                throw new PartAlarmException($"its first {signedSize} lines are not those that were signed: it was changed");
        }

        return state;
    }

    private static TreeState Grow(TreeState state, PartBytes file, long length, long size, SafeFileHandle leaves, bool isSigned)
    {
        var tree = state.Tree.Copy();
        var offset = LeafReader.Read(file, state.Offset, Math.Min(length, file.Length), size - tree.Size, seesErased: isSigned, (found, _, _) =>
        {
            RandomAccess.Write(leaves, MemoryMarshal.AsBytes(found), tree.Size * MerkleHash.Size);
            foreach (var leaf in found)
                tree.Add(leaf);
            return true;
        });
        return state with { Offset = offset, Tree = tree };
    }

    private static long LeavesOf(string path) => File.Exists(path) ? new FileInfo(path).Length / MerkleHash.Size : 0;
}
