using System.Runtime.CompilerServices;
using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>Follows the files of one user or of all, by looking at them again and again. Used once.</summary>
internal sealed class Follower
{
    // With so many users that a look takes long, they are looked at less often: a quarter of the time at most.
    private const int RestPerLook = 3;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    private readonly TrailHome _home;
    private readonly TimeProvider _timeProvider;
    private readonly string? _folder;
    private readonly RecordMatcher _matcher;
    private readonly Action<RecordPosition>? _skipped;
    private readonly Dictionary<FollowedFile, long> _lengths = [];
    private FollowPosition _position = FollowPosition.Start;

    /// <param name="home">The trail.</param>
    /// <param name="timeProvider">Tells when to look again.</param>
    /// <param name="folder">The user's folder; <c>null</c>: all.</param>
    /// <param name="filter">Which records.</param>
    /// <param name="skipped">Told each line that is no record.</param>
    public Follower(TrailHome home, TimeProvider timeProvider, string? folder, RecordFilter filter, Action<RecordPosition>? skipped)
    {
        (_home, _timeProvider, _folder, _skipped) = (home, timeProvider, folder, skipped);
        _matcher = new RecordMatcher(filter);
    }

    /// <summary>The position behind everything that is there.</summary>
    public FollowPosition FindEnd(CancellationToken cancellationToken)
    {
        var position = FollowPosition.Start;
        foreach (var (key, file) in Files())
        {
            cancellationToken.ThrowIfCancellationRequested();
            position = position.With(key, file.FindLastLineEnd());
        }

        return position;
    }

    /// <inheritdoc cref="TrailReader.FollowAsync"/>
    public async IAsyncEnumerable<FollowedRecord> FollowAsync(
        FollowPosition from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _position = ReferenceEquals(from, FollowPosition.End)
            ? await Task.Run(() => FindEnd(cancellationToken), cancellationToken).ConfigureAwait(false)
            : from;
        while (true)
        {
            var began = _timeProvider.GetTimestamp();
            var grown = await Task.Run(FindGrown, cancellationToken).ConfigureAwait(false);
            var rest = Math.Clamp(_timeProvider.GetElapsedTime(began).Ticks * RestPerLook, ShortestRest.Ticks, LongestRest.Ticks);
            foreach (var (key, file) in grown)
            {
                using var records = Open(key, file);
                while (records.Read(_matcher) is { } record)
                {
                    yield return new FollowedRecord(record, _position = _position.With(key, records.Offset));
                    cancellationToken.ThrowIfCancellationRequested();
                }

                _position = _position.With(key, records.Offset);
            }

            await Task.Delay(TimeSpan.FromTicks(rest), _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private RecordReader Open(FollowedFile key, DayFile file) =>
        new(key.UserFolder, file, _position.OffsetOf(key), _home.TimeZone, LastLine.Leave) { Skipped = _skipped };

    private IEnumerable<(FollowedFile Key, DayFile File)> Files() =>
        from folder in _folder is null ? _home.UserFolders() : [_folder]
        from name in DayFile.Names(_home, folder)
        let file = DayFile.Find(_home, folder, name)
        where file is not null
        select (new FollowedFile(folder, name), file.Value);

    private List<(FollowedFile Key, DayFile File)> FindGrown()
    {
        var grown = new List<(FollowedFile, DayFile)>();
        var gone = new HashSet<FollowedFile>(_lengths.Keys);
        foreach (var (key, file) in Files())
        {
            gone.Remove(key);
            if (_lengths.TryGetValue(key, out var length) && length == file.Length)
                continue;
            _lengths[key] = file.Length;
            var seen = _position.OffsetOf(key);
            if (file.Length > seen)
                grown.Add((key, file));
            else if (file.Length < seen)
                // Lines that were seen were cut away (a power cut took them, or somebody did): what comes next comes behind the rest.
                _position = _position.With(key, file.Length);
        }

        // A file of the same name that comes later is another one.
        foreach (var key in gone)
        {
            _lengths.Remove(key);
            _position = _position.Without(key);
        }

        return grown;
    }
}
