using System.Runtime.InteropServices;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>Verifies one part: recomputes its tree from its bytes and holds it against everything that was signed of it. For one thread, once.</summary>
internal sealed class PartVerifier
{
    // A recorder seals a new part within seconds, and may be at it right now.
    private static readonly TimeSpan MayBeUnsealed = TimeSpan.FromMinutes(2);

    // Clocks differ a little. What is said to be of tomorrow was set by hand.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // The line that was changed is looked for in memory, at 64 bytes a line; in a longer part only the seals on both sides of it are named.
    private const int MostLeaves = 4 * 1024 * 1024;

    private readonly PartName _part;
    private readonly PartFiles _files;
    private readonly string _origin;
    private readonly PartHistory _history;
    private readonly SealHistory _log;
    private readonly TimeProvider _time;
    private readonly TrailHome _home;
    private readonly List<Finding> _findings = [];
    private readonly List<string> _remarks = [];
    private readonly long _sealed;
    private bool _isRemoved;

    public PartVerifier(TrailHome home, PartName part, SealHistory log, TimeProvider time)
    {
        (_home, _part) = (home, part);
        _files = new PartFiles(home, part);
        _origin = PartOrigin.Of(home.Installation, part);
        _history = log.Of(part);
        _sealed = _history.Seals.Select(seal => seal.Size).DefaultIfEmpty().Max();
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
        var lines = 0L;
        try
        {
            // Before the file is opened: what is being erased no more when it is, is erased in it.
            var erasing = _history.Newest(SealEventKind.Erased) is null ? [] : ErasureIntent.ReadThose(_home, _part);
            using var file = PartBytes.TryOpen(_files.Lines);
            lines = file is null ? Missing() : Read(file, erasing, progress);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One part that cannot be read says nothing of the others.
            Find(FindingKind.Unreadable, $"it cannot be read to its end: {e.Message}");
        }

        return new PartVerdict(_part, lines, _sealed, _findings, _remarks);
    }

    private long Missing()
    {
        if (_history.Newest(SealEventKind.Removed) is { } removed)
            _remarks.Add($"removed by retention on {removed.Time:u}: {removed.Reason}");
        else if (_history.Seals.Count == 0)
            Find(FindingKind.FileMissing, "its file is gone before anything of it was sealed: a later part of its day is there");
        else
            Find(FindingKind.FileMissing, $"its file is gone, and {_sealed} lines of it were sealed");
        return 0;
    }

    private long Read(PartBytes file, IReadOnlyList<ErasureIntent> erasing, Action<long> progress)
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
        CheckErased(erased, erasing, tree.Size);
        CheckEnd(tree.Size, bad is null ? good : null, whole, length);
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
        if (!File.Exists(_files.Checkpoint))
        {
            if (_sealed > 0 && !_isRemoved)
                Find(FindingKind.CheckpointMissing, $"its checkpoint is missing, and {_sealed} lines of it were sealed");
            return null;
        }

        try
        {
            var note = SignedNote.Parse(File.ReadAllBytes(_files.Checkpoint));
            var checkpoint = Checkpoint.Parse(note.Text);
            if (checkpoint.Origin != _origin)
                Find(FindingKind.CheckpointForeign, $"its checkpoint is that of '{checkpoint.Origin}'");
            else if (!_log.Keys.IsOfAny(note) && !IsSealed(checkpoint))
                Find(FindingKind.WrongKey, "its checkpoint is not signed by the installation's key");
            else if (checkpoint.Size < _sealed)
                Find(FindingKind.CheckpointRolledBack, $"its checkpoint speaks of {checkpoint.Size} lines, and {_sealed} were sealed");
            else if (!_log.Keys.IsOfCurrent(note) && !IsSealed(checkpoint))
                _remarks.Add("its checkpoint is signed by a key that was rotated since, and was not sealed until then: it counts for nothing, and what was sealed does");
            else
                return checkpoint;
        }
        catch (IntegrityFormatException e)
        {
            Find(FindingKind.CheckpointForeign, $"its checkpoint cannot be read: {e.Message}");
        }

        return null;
    }

    // A retired key's checkpoint counts as far as it was sealed: whoever has that key may sign what they like since.
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
                there.AddRange(leaves[..Math.Min(leaves.Length, MostLeaves - there.Count)]);
                return there.Count < MostLeaves;
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
        if (file is null || RandomAccess.GetLength(file) < size * MerkleHash.Size || size > MostLeaves)
            return [];
        var leaves = new MerkleHash[size];
        LineScanner.ReadFully(file, MemoryMarshal.AsBytes(leaves.AsSpan()), 0);
        return leaves;
    }

    private void CheckErased(List<long> erased, IReadOnlyList<ErasureIntent> erasing, long lines)
    {
        var events = _history.Events.Where(one => one.Event.Kind == SealEventKind.Erased).Select(one => one.Event).ToList();
        foreach (var one in events)
        {
            if (Standing(one.Lines, erased, lines) is not { } standing)
                _remarks.Add($"{string.Join(", ", one.Lines)} erased on {one.Time:u}: {one.Reason}");
            else if (erasing.Any(intent => intent.Lines.Any(range => range.Contains(standing))))
                _remarks.Add($"{string.Join(", ", one.Lines)} erased on {one.Time:u}, by the seal log, and line {standing} stands there still: erasing is under way, or broke off and is brought to its end within a minute of a recorder's start");
            else
                Find(FindingKind.NotErased, $"line {standing} was erased on {one.Time:u}, by the seal log, and stands there: it was put back. Erase it again", new LineRange(standing, standing));
        }

        var untold = erased.Where(line => !events.Exists(one => one.Lines.Any(range => range.Contains(line)))).ToList();
        if (untold.Count > 0)
            Find(FindingKind.ErasedWithoutEvent, $"{untold.Count} of its lines were erased, the first is line {untold[0]}, and no event in the seal log tells of it", new LineRange(untold[0], untold[^1]));
    }

    // The first of some lines that is there, and no stub.
    private static long? Standing(IReadOnlyList<LineRange> named, List<long> erased, long lines)
    {
        foreach (var range in named)
        {
            var stub = erased.BinarySearch(range.First);
            for (var line = range.First; line <= Math.Min(range.Last, lines - 1); line++, stub++)
            {
                if (stub < 0 || stub >= erased.Count || erased[stub] != line)
                    return line;
            }
        }

        return null;
    }

    // Good: how many lines are as they were signed; null: not all that were signed are.
    private void CheckEnd(long lines, long? good, long whole, long length)
    {
        if (_history.Newest(SealEventKind.Closed) is { } closed && (lines > closed.Size || whole < length))
            Find(FindingKind.Inserted, $"it was closed on {closed.Time:u} with {closed.Size} lines, and something stands behind them", new LineRange(closed.Size ?? 0, lines));
        else if (lines > _sealed && good is not null)
            CheckUnsealed(lines, Math.Max(good.Value, _sealed));
        if (whole < length && lines > 0)
            _remarks.Add($"its last {length - whole} bytes are no whole line");
    }

    // As the log was when it was read: what was written since cannot be in it.
    private void CheckUnsealed(long lines, long signed)
    {
        var unsigned = lines - signed;
        if (unsigned == 0 && _sealed > 0)
        {
            // At most a minute's; a process of a call or two leaves them to the next.
            _remarks.Add($"its last {Lines(lines - _sealed)} signed, and not in the seal log yet");
            return;
        }

        var written = File.GetLastWriteTimeUtc(_files.Lines);
        if (written > _log.ReadAt - MayBeUnsealed && written < _time.GetUtcNow() + ClockSkew)
        {
            _remarks.Add(_sealed == 0 ? "nothing of it is sealed yet" : $"its last {Lines(unsigned)} not signed yet");
            return;
        }

        const string What = "a recorder left them so that was killed, or beside which this copy was taken; or somebody else wrote them. Start a recorder that stays, which seals what is left within a minute, and verify again";
        if (_sealed == 0)
            Find(FindingKind.NeverSealed, $"nothing of it was ever sealed, and its {Lines(lines)} older than {MayBeUnsealed.TotalMinutes:0} minutes: {What}");
        else
            Find(FindingKind.Unsigned, $"its last {Lines(unsigned)} not signed, and older than {MayBeUnsealed.TotalMinutes:0} minutes: {What}", new LineRange(signed, lines - 1));
    }

    private static string Lines(long count) => count == 1 ? "1 line is" : $"{count} lines are";

    private void Find(FindingKind kind, string message, LineRange? lines = null) => _findings.Add(new Finding(kind, message, lines));
}
