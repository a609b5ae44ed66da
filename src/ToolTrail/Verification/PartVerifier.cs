using System.Runtime.InteropServices;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>Verifies one part: recomputes its tree from its bytes and holds it against everything that was signed of it. For one thread, once.</summary>
internal sealed class PartVerifier
{
    // A recorder seals a new part within seconds, and may be at it right now.
    private static readonly TimeSpan MayBeUnsealed = TimeSpan.FromMinutes(2);

    private readonly PartName _part;
    private readonly PartFiles _files;
    private readonly string _origin;
    private readonly PartHistory _history;
    private readonly SealHistory _log;
    private readonly TimeProvider _time;
    private readonly List<Finding> _findings = [];
    private readonly List<string> _remarks = [];
    private bool _isRemoved;

    public PartVerifier(TrailHome home, PartName part, SealHistory log, TimeProvider time)
    {
        _part = part;
        _files = new PartFiles(home, part);
        _origin = PartOrigin.Of(home.Installation, part);
        _history = log.Of(part);
        _log = log;
        _time = time;
    }

    /// <summary>Verifies the part.</summary>
    /// <param name="progress">Told bytes that were read; ends it by throwing.</param>
    public PartVerdict Verify(Action<long> progress)
    {
        _isRemoved = _history.Newest(SealEventKind.Removed) is not null;
        if (_history.Newest(SealEventKind.Adopted) is { } adopted)
            Find(FindingKind.Adopted, $"it was adopted on {adopted.Time:u} with {adopted.Size} lines: what happened to it before nobody knows");
        return new PartVerdict(_part, ReadFile(progress), _history.Seals.Select(seal => seal.Size).DefaultIfEmpty().Max(), _findings, _remarks);
    }

    private long ReadFile(Action<long> progress)
    {
        try
        {
            using var file = PartBytes.TryOpen(_files.Lines);
            return file is null ? Missing() : Read(file, progress);
        }
        catch (InvalidDataException e)
        {
            Find(FindingKind.Changed, e.Message);
            return 0;
        }
    }

    private long Missing()
    {
        if (_history.Newest(SealEventKind.Removed) is { } removed)
            _remarks.Add($"removed by retention on {removed.Time:u}: {removed.Reason}");
        else if (_history.Seals.Count == 0)
            Find(FindingKind.FileMissing, "its file is gone before anything of it was sealed: a later part of its day is there");
        else
            Find(FindingKind.FileMissing, $"its file is gone, and {_history.Seals.Max(seal => seal.Size)} lines of it were sealed");
        return 0;
    }

    private long Read(PartBytes file, Action<long> progress)
    {
        if (_isRemoved)
            _remarks.Add("the seal log says that retention removed it, and its file is there: the removal broke off, or the file was put back");
        // In this order: what grows meanwhile is longer than what was signed, never shorter.
        var signed = Signed();
        var length = file.Length;
        var tree = new MerkleTree();
        var (next, good) = (0, 0L);
        (long Size, MerkleHash Root)? bad = null;
        var erased = new List<long>();
        var (told, whole) = (0L, 0L);
        whole = LeafPipeline.Read(file, length, (leaves, stubs, offset) =>
        {
            foreach (var stub in stubs)
                erased.Add(tree.Size + stub);
            foreach (var leaf in leaves)
            {
                tree.Add(leaf);
                for (; next < signed.Count && signed[next].Size == tree.Size; next++)
                {
                    if (bad is null && tree.Root() == signed[next].Root)
                        good = tree.Size;
                    else
                        bad ??= signed[next];
                }
            }

            progress(offset - told);
            told = offset;
            return true;
        });
        if (next < signed.Count)
            bad ??= signed[^1];
        if (bad is { } changed)
            FindChange(file, length, good, changed, tree.Size);
        CheckErased(erased);
        CheckEnd(tree.Size, good, whole, length);
        return tree.Size;
    }

    // Everything that was signed of the part, by size.
    private List<(long Size, MerkleHash Root)> Signed()
    {
        var signed = _history.Seals.Select(seal => (seal.Size, seal.Root)).ToList();
        if (ReadCheckpoint() is { } checkpoint)
            signed.Add((checkpoint.Size, checkpoint.Root));
        return [.. signed.Distinct().OrderBy(one => one.Size)];
    }

    private Checkpoint? ReadCheckpoint()
    {
        var newest = _history.Seals.Select(seal => seal.Size).DefaultIfEmpty().Max();
        if (!File.Exists(_files.Checkpoint))
        {
            if (newest > 0 && !_isRemoved)
                Find(FindingKind.CheckpointMissing, $"its checkpoint is missing, and {newest} lines of it were sealed");
            return null;
        }

        try
        {
            var note = SignedNote.Parse(File.ReadAllBytes(_files.Checkpoint));
            var checkpoint = Checkpoint.Parse(note.Text);
            if (checkpoint.Origin != _origin)
                Find(FindingKind.CheckpointForeign, $"its checkpoint is that of '{checkpoint.Origin}'");
            else if (!_log.Keys.IsOfCurrent(note) && !IsSealed(checkpoint))
                Find(FindingKind.WrongKey, "its checkpoint is not signed by the installation's key");
            else if (checkpoint.Size < newest)
                Find(FindingKind.CheckpointRolledBack, $"its checkpoint speaks of {checkpoint.Size} lines, and {newest} were sealed");
            else
                return checkpoint;
        }
        catch (IntegrityFormatException e)
        {
            Find(FindingKind.CheckpointForeign, $"its checkpoint cannot be read: {e.Message}");
        }

        return null;
    }

    // A retired key's checkpoint counts as far as it was sealed.
    private bool IsSealed(Checkpoint checkpoint) => _history.Seals.Exists(seal => seal.Size == checkpoint.Size && seal.Root == checkpoint.Root);

    private void FindChange(PartBytes file, long length, long good, (long Size, MerkleHash Root) signed, long lines)
    {
        var expected = ReadLeaves(signed.Size);
        var tree = new MerkleTree();
        foreach (var leaf in expected)
            tree.Add(leaf);
        if (tree.Size == signed.Size && tree.Root() == signed.Root)
        {
            var there = new List<MerkleHash>();
            LeafPipeline.Read(file, length, (leaves, _, _) =>
            {
                there.AddRange(leaves);
                return true;
            });
            if (LineChange.Find(expected, there.ToArray()) is { } change)
            {
                _findings.Add(change);
                return;
            }
        }

        if (lines < signed.Size)
            Find(FindingKind.Truncated, $"it has {lines} lines, and {signed.Size} were signed", new LineRange(good, signed.Size - 1));
        else
            Find(FindingKind.Changed, $"its lines from {good} on to {signed.Size - 1} are not those that were signed", new LineRange(good, signed.Size - 1));
    }

    private MerkleHash[] ReadLeaves(long size)
    {
        using var file = NativeFile.System.TryOpenRead(_files.Leaves);
        if (file is null || RandomAccess.GetLength(file) < size * MerkleHash.Size || size > Array.MaxLength / MerkleHash.Size)
            return [];
        var leaves = new MerkleHash[size];
        LineScanner.ReadFully(file, MemoryMarshal.AsBytes(leaves.AsSpan()), 0);
        return leaves;
    }

    private void CheckErased(List<long> erased)
    {
        var events = _history.Events.Where(one => one.Event.Kind == SealEventKind.Erased).Select(one => one.Event).ToList();
        foreach (var one in events)
            _remarks.Add($"{string.Join(", ", one.Lines)} erased on {one.Time:u}: {one.Reason}");
        var untold = erased.Where(line => !events.Exists(one => one.Lines.Any(range => range.Contains(line)))).ToList();
        if (untold.Count > 0)
            Find(FindingKind.ErasedWithoutEvent, $"{untold.Count} of its lines were erased, the first is line {untold[0]}, and no event in the seal log tells of it", new LineRange(untold[0], untold[^1]));
    }

    private void CheckEnd(long lines, long good, long whole, long length)
    {
        if (_history.Newest(SealEventKind.Closed) is { } closed && (lines > closed.Size || whole < length))
            Find(FindingKind.Inserted, $"it was closed on {closed.Time:u} with {closed.Size} lines, and something stands behind them", new LineRange(closed.Size ?? 0, lines));
        if (_history.Seals.Count == 0 && lines > 0)
        {
            if (_time.GetUtcNow() - File.GetLastWriteTimeUtc(_files.Lines) < MayBeUnsealed)
                _remarks.Add("nothing of it is sealed yet");
            else
                Find(FindingKind.NeverSealed, "nothing of it was ever sealed");
        }
        else if (lines > good && _findings.Count == 0)
        {
            _remarks.Add($"its last {lines - good} lines are not signed yet");
        }

        if (whole < length && lines > 0)
            _remarks.Add($"its last {length - whole} bytes are no whole line");
    }

    private void Find(FindingKind kind, string message, LineRange? lines = null) => _findings.Add(new Finding(kind, message, lines));
}
