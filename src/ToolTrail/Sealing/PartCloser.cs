using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// Closes parts whose day is over: read once more from the first byte and held against what is signed, their leaves made whole, and an event says how many
/// lines they have for ever.
/// </summary>
internal sealed class PartCloser
{
    // Two days after its end, in whatever zone a late record's time stamp is.
    private static readonly TimeSpan CloseAfter = TimeSpan.FromHours(48);

    // Records of a day that is over come together: whoever sends old ones gets one part for them.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromHours(1);

    private readonly SealingContext _context;

    public PartCloser(SealingContext context)
    {
        _context = context;
    }

    /// <summary>Whether a part's time is over.</summary>
    public static bool IsOver(TrailHome home, PartName part, FileInfo file, DateTimeOffset now) =>
        home.DayOf(now - CloseAfter) > part.File.Day && file.Exists && now - file.LastWriteTimeUtc > IdleAfter;

    /// <summary>
    /// Closes a part with all the lines that it has, whoever writes to it meanwhile. Does nothing when nothing of it is sealed yet, or its end is torn: whoever
    /// visits it next sees to that.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="cancellationToken">Ends it while the part is read; it is as it was then.</param>
    /// <exception cref="PartAlarmException">The part does not fit what was signed of it.</exception>
    /// <exception cref="LockTimeoutException">Another process has been at the user's parts for 5 s.</exception>
    public void Close(PartName part, CancellationToken cancellationToken)
    {
        var files = new PartFiles(_context.Home, part);
        using var file = PartBytes.TryOpen(files.Lines);
        if (file is null)
            return;
        // In this order everywhere: first the lock of the trees, then that of the writers, then that of the log.
        using var locks = new TreeLocks(_context.Home);
        locks.Enter(part.UserFolder);
        var tree = new PartTree(_context, part);
        // Writers do not wait for that: what they append meanwhile is little, and read under their lock.
        tree.TakeUpFromBytes(new CancellableBytes(file, cancellationToken));
        if (tree.State.IsClosing)
            Tell(tree);
        if (tree.State.IsClosed || tree.State.Sealed is null)
            return;
        SyncLeaves(files.Leaves);
        using var writers = new FolderLock(files.Folder);
        writers.Enter();
        if (IsWhole(files, file, tree.State.Offset))
            Close(tree, file);
    }

    private void Close(PartTree tree, PartBytes file)
    {
        if (file.Length > tree.State.Offset)
            SignRest(tree, file);
        if (tree.State.Sealed?.Size != tree.State.Tree.Size)
            tree.Sealed(_context.Log.Append(tree.Checkpoint.ToString()), _context.Now);
        // Durably, and before the event: if it breaks off in between, nobody appends any more, and the next sweep makes the event. The other way round, what
        // is recorded would stand behind the end for ever.
        tree.State = tree.State with { IsClosed = true, IsClosing = true };
        tree.State.WriteDurably(tree.Files.Tree);
        Tell(tree);
    }

    private void Tell(PartTree tree)
    {
        _context.Log.Append(SealEvent.Of(SealEventKind.Closed, _context.Time.GetUtcNow(), tree.Checkpoint).ToText(_context.Home.Installation));
        tree.State = tree.State with { IsClosing = false };
        tree.State.Write(tree.Files.Tree);
    }

    // Signed is only what is on disk.
    private static void SignRest(PartTree tree, PartBytes file)
    {
        using (var lines = NativeFile.System.OpenAppend(tree.Files.Lines))
            NativeFile.System.Sync(lines);
        tree.GrowTo(file, file.Length);
        SyncLeaves(tree.Files.Leaves);
        tree.Sign(tree.NewCheckpoint());
    }

    private static bool IsWhole(PartFiles files, PartBytes file, long known)
    {
        Span<byte> last = stackalloc byte[1];
        return file.Length == known || (File.Exists(files.Lines) && file.Read(last, file.Length - 1) == 1 && last[0] == (byte)'\n');
    }

    // From now on they never change: then they need not be behind either.
    private static void SyncLeaves(string path)
    {
        using var leaves = NativeFile.System.OpenUpdate(path);
        NativeFile.System.Sync(leaves);
    }
}
