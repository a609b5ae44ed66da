using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>Tells in the trail of processes that ended without closing it.</summary>
internal static class DeadRunNotice
{
    private const string Cause = "a process that recorded here ended without closing the file: Background records of its last second may be missing";

    /// <summary>Writes a recovery line for each user that the dead recorded for, and takes their marks away once all are on disk.</summary>
    /// <returns>A task that never fails: what could not be told is logged, and told by the next start.</returns>
    public static async Task WriteAsync(StoreContext context, DayFileStore store)
    {
        context.Logger.DeadRunFound(context.DeadRuns.Users.Count);
        try
        {
            var now = context.Time.GetUtcNow();
            IEnumerable<string> users = context.DeadRuns.Users.Count > 0 ? context.DeadRuns.Users : [OwnLines.User];
            var told = new List<Task>();
            foreach (var user in users)
            {
                var line = OwnLine.Recovery(user, 0, Cause, now);
                store.Budget.Take(line.Length);
                told.Add(store.Append(user, context.Home.DayOf(now), line, mayRepeat: false, durable: true)!);
            }

            await Task.WhenAll(told).ConfigureAwait(false);
            context.DeadRuns.Remove();
        }
        catch (Exception e) when (e is TrailWriteException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The marks stand: the next start tells of them.
            context.Logger.DeadRunNotTold(e.Message);
        }
    }
}
