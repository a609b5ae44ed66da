using ToolTrail.Home;
using ToolTrail.Records;

namespace ToolTrail.Reading;

/// <summary>Makes one row a call: knows of each line whether the call has its row elsewhere, and if not, which other lines tell of it.</summary>
internal sealed class CallRows
{
    private readonly TrailHome _home;
    private readonly RecordMatcher _matcher;
    private readonly CallOutcomes _outcomes;
    private readonly Dictionary<(string Folder, DateOnly Day), DaySightings> _days = [];

    /// <param name="home">The trail.</param>
    /// <param name="matcher">Only lines that it wants tell of anything.</param>
    public CallRows(TrailHome home, RecordMatcher matcher) => (_home, _matcher, _outcomes) = (home, matcher, new CallOutcomes(home));

    /// <summary>The other lines of a line's row, in file order; <c>null</c>: the line has no row of its own.</summary>
    /// <param name="position">Where the line stands.</param>
    /// <param name="header">Its header.</param>
    public IReadOnlyList<StoredRecord>? OthersOf(RecordPosition position, in RecordHeader header)
    {
        var isStart = CallOutcomes.IsStart(header);
        if (isStart && _outcomes.Has(position, header.Id))
            return null;
        if (!Sighting.IsIn(header))
            return [];
        var others = SightingsOf(position).OthersOf(position);
        // The outcome that one of them has further on is the call's row.
        return isStart && others is not null && others.Any(HasOutcome) ? null : others;
    }

    private bool HasOutcome(StoredRecord start) =>
        RecordHeader.TryRead(start.Line.Span, _home.TimeZone, out var header) && _outcomes.Has(start.Position, header.Id);

    private DaySightings SightingsOf(RecordPosition position)
    {
        var key = (position.UserFolder, position.File.Day);
        if (!_days.TryGetValue(key, out var day))
        {
            var files = DayFile.Names(_home, key.UserFolder).Where(name => name.Day == key.Day).Select(name => DayFile.Find(_home, key.UserFolder, name)).OfType<DayFile>();
            _days.Add(key, day = new DaySightings(new DayParts(key.UserFolder, files), _matcher, _home.TimeZone));
        }

        return day;
    }
}
