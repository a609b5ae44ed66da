using System.Runtime.CompilerServices;
using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>
/// Reads a home's day files: newest first, a day in order, or as they grow. Only ever reads; lines that are no records are skipped and
/// counted.
/// </summary>
/// <remarks>
/// Safe for use by several threads, and beside any number of writers: it takes no lock. Files that vanish while they are read are no error.
/// Day files that are links are passed over, since a link may lead out of the trail.
/// </remarks>
public sealed class TrailReader
{
    private const int MostRecords = 10_000;

    private readonly TrailHome _home;
    private readonly TimeProvider _timeProvider;

    /// <param name="home">The trail.</param>
    /// <param name="timeProvider">Tells today; default: the system's clock.</param>
    public TrailReader(TrailHome home, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        _home = home;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Most bytes of lines that are looked through for a page, which ends there, full or not; one that found nothing so far is the last. Default: as many as the
    /// days have that are asked for.
    /// </summary>
    public long Reach { get; init; } = long.MaxValue;

    /// <summary>A user's last records, newest first. Cost grows with <paramref name="limit"/>, not with the files.</summary>
    /// <param name="user">Whose folder is read.</param>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="limit">Most records of a page; 1 to 10,000.</param>
    /// <param name="filter">Which of them; <c>null</c>: all. The rarer they are, the more is read.</param>
    /// <param name="cursor"><see cref="RecordPage.Next"/> of the page before; <c>null</c>: from the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this user's trail.</exception>
    public Task<RecordPage> ReadRecentAsync(
        string user,
        int days = 7,
        int limit = 200,
        RecordFilter? filter = null,
        string? cursor = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        var after = cursor is null ? null : PageCursor.Parse(cursor);
        if (after is not null && after.Position.UserFolder != _home.UserFolder(user))
            throw InvalidCursorException.Foreign();
        return ReadPageAsync(user, days, limit, filter, after, cancellationToken);
    }

    /// <summary>
    /// All users' last records, merged by time. Opens only the files that can still matter: those written to since five minutes before the
    /// page's oldest record. A further page costs as much as all before it together.
    /// </summary>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="limit">Most records of a page; 1 to 10,000.</param>
    /// <param name="filter">Which of them; <c>null</c>: all. The rarer they are, the more is read.</param>
    /// <param name="cursor"><see cref="RecordPage.Next"/> of the page before; <c>null</c>: from the newest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this trail.</exception>
    public Task<RecordPage> ReadRecentAllUsersAsync(
        int days = 7, int limit = 500, RecordFilter? filter = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        ReadPageAsync(null, days, limit, filter, cursor is null ? null : PageCursor.Parse(cursor), cancellationToken);

    /// <summary>A user's day in file order, all parts, streamed.</summary>
    /// <param name="user">Whose folder is read.</param>
    /// <param name="day">The date, in the home's zone.</param>
    /// <param name="filter">Which records; <c>null</c>: all.</param>
    /// <param name="skipped">Told each line that is no record.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<StoredRecord> ReadDayAsync(
        string user,
        DateOnly day,
        RecordFilter? filter = null,
        Action<RecordPosition>? skipped = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        return DayReader(user).ReadAsync(day, filter ?? RecordFilter.All, skipped, cancellationToken);
    }

    /// <summary>
    /// Every record from a place on, by position, for ever: of one user or, without one, of all. A record arrives exactly once, whatever
    /// its
    /// time stamp and whichever process wrote it, and within 250 ms (later with more than a thousand users, within some 2 s with ten
    /// thousand);
    /// a line without its LF is not yet one. Of a file that became shorter, what is appended next comes next.
    /// </summary>
    /// <param name="user">Whose folder; <c>null</c>: all users', also those that appear later.</param>
    /// <param name="from">Where to go on; <see cref="FollowPosition.End"/> starts with what comes next. Of the same user, or of all, as it
    /// was made.</param>
    /// <param name="filter">Which records; <c>null</c>: all. <see cref="RecordFilter.OneRowPerCall"/> has no meaning here: what comes is
    /// not known yet.</param>
    /// <param name="skipped">Told each line that is no record.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    public IAsyncEnumerable<FollowedRecord> FollowAsync(
        string? user,
        FollowPosition from,
        RecordFilter? filter = null,
        Action<RecordPosition>? skipped = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        return Follower(user, filter, skipped).FollowAsync(from, cancellationToken);
    }

    /// <summary>
    /// The position behind everything that is there now: take it before a page is read, and what comes after can be followed from it.
    /// </summary>
    /// <param name="user">Whose folder; <c>null</c>: all users'.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<FollowPosition> ReadEndAsync(string? user, CancellationToken cancellationToken = default) =>
        Task.Run(() => Follower(user).FindEnd(cancellationToken), cancellationToken);

    /// <summary>The days that a user's folder holds, newest first; counts are taken by reading.</summary>
    /// <param name="user">Whose folder is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<TrailDay> ReadDaysAsync(
        string user, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        var reader = await Task.Run(() => DayReader(user), cancellationToken).ConfigureAwait(false);
        foreach (var day in reader.Files.Select(name => name.Day).Distinct().Reverse())
            yield return await Task.Run(() => reader.Count(day, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts over the last days, by reading them.</summary>
    /// <param name="user">Whose folder; <c>null</c>: all users'.</param>
    /// <param name="days">Calendar days, today included; from 1.</param>
    /// <param name="filter">Which calls; <c>null</c>: all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<TrailStats> ReadStatsAsync(
        string? user, int days = 7, RecordFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var reader = new StatsReader(_home, filter ?? RecordFilter.All);
        return Task.Run(() => reader.Read(Folders(user), days, _timeProvider.GetUtcNow(), cancellationToken), cancellationToken);
    }

    private Task<RecordPage> ReadPageAsync(
        string? user, int days, int limit, RecordFilter? filter, PageCursor? after, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostRecords);
        var reader = new PageReader(_home, filter ?? RecordFilter.All, limit) { Reach = Reach };
        return Task.Run(() => reader.Read(Folders(user), days, _timeProvider.GetUtcNow(), after, cancellationToken), cancellationToken);
    }

    private IEnumerable<string> Folders(string? user) => user is null ? _home.UserFolders() : [_home.UserFolder(user)];

    private DayReader DayReader(string user) => new(_home, _home.UserFolder(user), _timeProvider.GetUtcNow());

    private Follower Follower(string? user, RecordFilter? filter = null, Action<RecordPosition>? skipped = null) =>
        new(_home, _timeProvider, user is null ? null : _home.UserFolder(user), filter ?? RecordFilter.All, skipped);
}
