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
    /// <param name="user">Whose folder is read.</param>
    /// <param name="day">The date, in the home's zone.</param>
    /// <param name="filter">Which records; <c>null</c>: all.</param>
    /// <param name="skipped">Told each line that is no record.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<StoredRecord> ReadDayAsync(
        string user, DateOnly day, RecordFilter? filter = null, Action<RecordPosition>? skipped = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// Every record from a place on, by position, for ever: of one user or, without one, of all. A record arrives exactly once, whatever its
    /// time stamp and whichever process wrote it; a line without its LF is not yet one.
    /// </summary>
    /// <param name="user">Whose; <c>null</c>: all users, also those who appear later.</param>
    /// <param name="from">Where to go on; <see cref="FollowPosition.End"/> starts with what comes next. Of the same user, or of all, as it was made.</param>
    /// <param name="filter">Which records; <c>null</c>: all. <see cref="RecordFilter.OneRowPerCall"/> has no meaning here: what comes is not known yet.</param>
    /// <param name="skipped">Told each line that is no record.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    public IAsyncEnumerable<FollowedRecord> FollowAsync(
        string? user, FollowPosition from, RecordFilter? filter = null, Action<RecordPosition>? skipped = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The position behind everything that is there now: take it before a page is read, and what comes after can be followed from it.</summary>
    /// <param name="user">Whose; <c>null</c>: all users.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<FollowPosition> ReadEndAsync(string? user, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The days that a user's folder holds, newest first; counts are taken by reading.</summary>
    public IAsyncEnumerable<TrailDay> ReadDaysAsync(string user, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Counts over the last days.</summary>
    /// <param name="user">Whose; <c>null</c>: all users.</param>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<TrailStats> ReadStatsAsync(string? user, int days = 7, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
