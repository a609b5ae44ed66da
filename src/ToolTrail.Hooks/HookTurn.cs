using ToolTrail.Home;
using ToolTrail.Storage;

namespace ToolTrail.Hooks;

/// <summary>
/// The turn, among all processes on a home, to look for a call's beginning and write its outcome: two that take the same beginning would leave another one
/// open.
/// </summary>
internal static class HookTurn
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Waits for the turn.</summary>
    /// <returns>Disposed, it is the next one's; <c>null</c>: it did not come within 5 s, or cannot be taken here. Better a call that stays open than an outcome that is not told.</returns>
    public static async Task<IDisposable?> TakeAsync(TrailHome home, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await LockFile.TakeAsync(Path.Combine(home.SystemPath, "hooks.lock"), Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
