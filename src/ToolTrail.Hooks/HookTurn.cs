using ToolTrail.Home;

namespace ToolTrail.Hooks;

/// <summary>
/// The turn, among all processes on a home, to look for a call's beginning and write its outcome: two that take the same beginning would leave another one
/// open. An exclusively opened file, which the system closes also for a process that is killed.
/// </summary>
internal static class HookTurn
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    /// <summary>Waits for the turn.</summary>
    /// <returns>Disposed, it is the next one's; <c>null</c>: it did not come within 5 s, or cannot be taken here. Better a call that stays open than an outcome that is not told.</returns>
    public static async Task<IDisposable?> TakeAsync(TrailHome home, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(home.SystemPath, "hooks.lock");
        var exclusive = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            exclusive.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var begin = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                return new FileStream(path, exclusive);
            }
            catch (IOException) when (time.GetElapsedTime(begin) < Patience)
            {
                // Somebody else's turn.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
