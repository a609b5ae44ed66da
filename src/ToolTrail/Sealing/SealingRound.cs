using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// Signs some parts together: their new lines are hashed, their checkpoints brought to the disk, those whose time has come appended to the seal log. In that
/// order, so that whatever breaks off in between leaves a state that the next round takes up.
/// </summary>
internal sealed class SealingRound
{
    private readonly SealingContext _context;
    private readonly FileSystemSync _fileSystem;

    public SealingRound(SealingContext context, FileSystemSync fileSystem)
    {
        _context = context;
        _fileSystem = fileSystem;
    }

    /// <summary>Signs and seals.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="isDue">Whether a part is to be sealed now.</param>
    /// <param name="alarm">Told the parts that do not fit what was signed of them.</param>
    /// <returns>Those that are in another process's hands at the moment.</returns>
    /// <exception cref="IOException">Some part cannot be read, or nothing be written; the others were signed all the same.</exception>
    public IReadOnlyList<SealedPart> Run(IReadOnlyCollection<SealedPart> parts, Predicate<SealedPart> isDue, Action<PartName, string> alarm)
    {
        using var locks = new TreeLocks(_context.Home);
        var inReach = parts.ToLookup(part => locks.TryEnter(part.Tree.Part.UserFolder));
        var grown = new List<SealedPart>();
        Exception? failure = null;
        foreach (var part in inReach[true])
        {
            try
            {
                if (TryGrow(part, alarm))
                    grown.Add(part);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failure = e;
            }
        }

        Sign(grown.FindAll(part => part.Tree.HasGrown), ref failure);
        Seal(grown.FindAll(part => part.HasUnsealed && !part.Tree.HasGrown && isDue(part)));
        return failure is null ? [.. inReach[false]] : throw new IOException(failure.Message, failure);
    }

    private static bool TryGrow(SealedPart part, Action<PartName, string> alarm)
    {
        var tree = part.Tree;
        try
        {
            using var file = PartBytes.TryOpen(tree.Files.Lines);
            if (file is null && tree.IsClosed())
                return false;
            if (file is null)
                throw new PartAlarmException("its file is gone");
            tree.TakeUp(file);
            tree.GrowTo(file, part.Target);
            return true;
        }
        catch (Exception e) when (e is PartAlarmException or DamagedPartException)
        {
            // It does not fit what was signed, or is compressed and damaged. Kept, so that nobody has to find it again, and nobody signs.
            var state = TreeState.Read(tree.Files.Tree) ?? new TreeState();
            (state with { Alarm = e.Message }).Write(tree.Files.Tree);
            alarm(tree.Part, e.Message);
            return false;
        }
    }

    private void Sign(List<SealedPart> grown, ref Exception? failure)
    {
        var notes = grown.ConvertAll(part => (Part: part, Note: part.Tree.NewCheckpoint()));
        try
        {
            DurableFile.Write(notes.ConvertAll(one => (one.Part.Tree.Files.Checkpoint, one.Note)), _fileSystem);
            notes.ForEach(one => one.Part.Tree.Signed(one.Note));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One that cannot be written keeps no other from being signed.
            failure = e;
            notes.ForEach(one => TrySign(one.Part.Tree, one.Note));
        }

        foreach (var part in grown.Where(part => !part.Tree.HasGrown))
            part.LastSigned = _context.Time.GetTimestamp();
    }

    private static void TrySign(PartTree tree, byte[] note)
    {
        try
        {
            tree.Sign(note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure is told by the round; the next one tries again.
        }
    }

    private void Seal(List<SealedPart> due)
    {
        if (due.Count == 0)
            return;
        var texts = new List<string>();
        var indexes = new List<int>();
        foreach (var tree in due.Select(part => part.Tree))
        {
            if (tree.State.IsForeign)
                texts.Add(Adopted(tree));
            indexes.Add(texts.Count);
            texts.Add(tree.Checkpoint.ToString());
        }

        var first = _context.Log.Append(texts);
        for (var i = 0; i < due.Count; i++)
            due[i].Tree.Sealed(first + indexes[i], _context.Now);
    }

    private string Adopted(PartTree tree)
    {
        _context.Logger.PartAdopted(tree.Part.ToString());
        return SealEvent.Of(SealEventKind.Adopted, _context.Time.GetUtcNow(), tree.Checkpoint).ToText(_context.Home.Installation);
    }
}
