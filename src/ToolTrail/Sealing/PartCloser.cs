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

    /// <summary>Closes a part that is sealed to its end; does nothing when it is not, or when another process is at it.</summary>
    /// <exception cref="PartAlarmException">The part does not fit what was signed of it.</exception>
    public void Close(PartName part)
    {
        var files = new PartFiles(_context.Home, part);
        // In this order everywhere: first the writers' lock, then that of the trees, then that of the log.
        using var writers = new FolderLock(files.Folder);
        writers.Enter();
        using var locks = new TreeLocks(_context.Home);
        using var file = PartBytes.TryOpen(files.Lines);
        if (file is null || !locks.TryEnter(part.UserFolder))
            return;
        var tree = new PartTree(_context, part);
        tree.TakeUpFromBytes(file);
        if (tree.State.IsClosed || tree.State.Offset != file.Length || tree.State.Sealed?.Size != tree.State.Tree.Size)
            return;
        SyncLeaves(files.Leaves);
        var closed = new SealEvent
        {
            Kind = SealEventKind.Closed,
            Time = _context.Time.GetUtcNow(),
            Origin = tree.Checkpoint.Origin,
            Size = tree.Checkpoint.Size,
            Root = tree.Checkpoint.Root,
        };
        _context.Log.Append(closed.ToText(_context.Home.Installation));
        tree.State = tree.State with { IsClosed = true };
        tree.State.WriteDurably(files.Tree);
    }

    // From now on they never change: then they need not be behind either.
    private static void SyncLeaves(string path)
    {
        using var leaves = NativeFile.System.OpenUpdate(path);
        NativeFile.System.Sync(leaves);
    }
}
