using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>
/// Reads a home's day files: newest first, a day in order, or as they grow. Only ever reads; lines that are no records are skipped and counted.
/// </summary>
/// <remarks>Safe for use by several threads, and beside any number of writers.</remarks>
public sealed class TrailReader
{
    /// <param name="home">The trail.</param>
    /// <param name="timeProvider">Tells today; default: the system's clock.</param>
    public TrailReader(TrailHome home, TimeProvider? timeProvider = null)
    {
        _ = home;
        _ = timeProvider;
    }

    /// <summary>A user's last records, newest first. Cost grows with <paramref name="limit"/>, not with the files.</summary>
    /// <param name="user">Whose folder is read.</param>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="limit">Most records of a page; 1 to 10,000.</param>
    /// <param name="filter">Which of them; <c>null</c>: all.</param>
    /// <param name="cursor"><see cref="RecordPage.Next"/> of the page before; <c>null</c>: from the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this user's trail.</exception>
    public Task<RecordPage> ReadRecentAsync(
        string user, int days = 7, int limit = 200, RecordFilter? filter = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>All users' last records, merged by time. Opens only the files that can still matter.</summary>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="limit">Most records of a page; 1 to 10,000.</param>
    /// <param name="filter">Which of them; <c>null</c>: all.</param>
    /// <param name="cursor"><see cref="RecordPage.Next"/> of the page before; <c>null</c>: from the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this trail.</exception>
    public Task<RecordPage> ReadRecentAllUsersAsync(
        int days = 7, int limit = 500, RecordFilter? filter = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>A user's day in file order, all parts, streamed.</summary>
    public IAsyncEnumerable<StoredRecord> ReadDayAsync(string user, DateOnly day, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// Every record from a place on, by position, for ever: of one user or, without one, of all. A record arrives exactly once, whatever its
    /// time stamp and whichever process wrote it.
    /// </summary>
    /// <param name="user">Whose; <c>null</c>: all users, also those who appear later.</param>
    /// <param name="from">Where to go on; <see cref="FollowPosition.End"/> starts with what comes next.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    public IAsyncEnumerable<StoredRecord> FollowAsync(string? user, FollowPosition from, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The days that a user's folder holds, newest first; counts are taken by reading.</summary>
    public IAsyncEnumerable<TrailDay> ReadDaysAsync(string user, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Counts over the last days.</summary>
    /// <param name="user">Whose; <c>null</c>: all users.</param>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<TrailStats> ReadStatsAsync(string? user, int days = 7, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
