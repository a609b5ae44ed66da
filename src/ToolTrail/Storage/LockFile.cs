namespace ToolTrail.Storage;

/// <summary>A turn among all processes, on this machine, that work on one thing: whoever holds a file exclusively open has it. The system closes it also for a process that is killed.</summary>
public static class LockFile
{
    // Others hold it for a read and a write; neither system lets a process wait for such a file.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits for the turn.</summary>
    /// <param name="path">Absolute path of the file, which is made if need be, for its owner alone.</param>
    /// <param name="patience">How long at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Disposed, it is the next one's turn.</returns>
    /// <exception cref="IOException">Another had it all that time, or the file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static async Task<IDisposable> TakeAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        var exclusive = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            exclusive.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var begin = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return new FileStream(path, exclusive);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && time.GetElapsedTime(begin) < patience)
            {
                // Somebody else's turn.
            }
        }
    }
}
