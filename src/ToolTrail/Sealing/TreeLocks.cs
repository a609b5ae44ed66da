using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Sealing;

/// <summary>
/// The locks of some users' trees: whoever holds one signs for that user's parts, among all processes on the home. Writers do not wait for it. Those that
/// hold several wait for none, so that two never wait for each other.
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
        var folder = PartFiles.TreeFolderOf(_home, userFolder);
        _ = SyncedFolder.Create(folder);
        var treeLock = new FolderLock(folder);
        if (!treeLock.TryEnter())
        {
            treeLock.Dispose();
            _locks.Add(userFolder, null);
            return false;
        }

        _locks.Add(userFolder, treeLock);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in _locks.Values)
            held?.Dispose();
    }
}
