using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// The locks of some users' trees: whoever holds one signs for that user's parts, among all processes on the home. Writers do not wait for it. Those that
/// hold several wait for none, so that two never wait for each other. Taken before the writers' lock, where both are needed.
/// </summary>
internal sealed class TreeLocks : IDisposable
{
    private readonly TrailHome _home;
    private readonly Dictionary<string, FolderLock?> _locks = new(StringComparer.Ordinal);

    public TreeLocks(TrailHome home)
    {
        _home = home;
    }

    /// <summary>Takes a user's lock unless another holds it.</summary>
    /// <returns>Whether it is held.</returns>
    public bool TryEnter(string userFolder)
    {
        if (_locks.TryGetValue(userFolder, out var known))
            return known is not null;
        var treeLock = Open(userFolder);
        if (!treeLock.TryEnter())
        {
            treeLock.Dispose();
            _locks.Add(userFolder, null);
            return false;
        }

        _locks.Add(userFolder, treeLock);
        return true;
    }

    /// <summary>Waits for a user's lock, at most 5 s. For those alone that hold none, and not the writers' lock either.</summary>
    /// <exception cref="LockTimeoutException">Somebody else held it all that time.</exception>
    public void Enter(string userFolder)
    {
        var treeLock = Open(userFolder);
        _locks.Add(userFolder, treeLock);
        treeLock.Enter();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in _locks.Values)
            held?.Dispose();
    }

    private FolderLock Open(string userFolder)
    {
        var folder = PartFiles.TreeFolderOf(_home, userFolder);
        _ = SyncedFolder.Create(folder);
        return new FolderLock(folder);
    }
}
