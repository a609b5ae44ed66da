using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Storage;

/// <summary>Tells in the trail of processes that ended without closing it, and looks at the files that they left.</summary>
internal static class DeadRunNotice
{
    private const string Cause = "a process that recorded here ended without closing the file: Background records of its last second may be missing";

    /// <summary>
    /// Writes a recovery line for each user that the dead recorded for in the background, looks at their files, and takes their marks away once all is on disk
    /// and the guard is done with it.
    /// </summary>
    /// <returns>A task that never fails: what could not be told is logged, and told by the next start.</returns>
    public static async Task WriteAsync(StoreContext context, DayFileStore store)
    {
        var runs = context.DeadRuns;
        try
        {
            var told = new List<Task>();
            if (runs.MayMiss)
            {
                context.Logger.DeadRunFound(runs.Users.Count);
                foreach (var user in runs.Users.Count > 0 ? runs.Users : [OwnLines.User])
                    told.Add(TellAsync(context, store, user));
            }

            told.AddRange(runs.Files.Select(file => store.VisitAsync(file.User, file.Name)));
            await Task.WhenAll(told).ConfigureAwait(false);
            if (context.Guard is { } guard)
                await guard.CatchUpAsync().ConfigureAwait(false);
            runs.Remove();
        }
        catch (Exception e) when (e is TrailWriteException or IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The marks stand: the next start tells of them.
            context.Logger.DeadRunNotTold(e.Message);
        }
    }

    private static Task TellAsync(StoreContext context, DayFileStore store, string user)
    {
        var now = context.Time.GetUtcNow();
        var line = OwnLine.Recovery(user, 0, Cause, now);
        store.Budget.Take(line.Length);
        return store.Append(user, context.Home.DayOf(now), line, mayRepeat: false, durable: true)!;
    }
}
