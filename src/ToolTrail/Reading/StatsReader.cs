using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>Reads the days of one user or of all to count their calls.</summary>
internal sealed class StatsReader
{
    private readonly TrailHome _home;
    private readonly RecordMatcher _matcher;

    public StatsReader(TrailHome home, RecordFilter filter)
    {
        _home = home;
        _matcher = new RecordMatcher(filter);
    }

    /// <summary>Counts.</summary>
    /// <param name="folders">The user folders to read.</param>
    /// <param name="days">Calendar days, today included.</param>
    /// <param name="now">Tells today.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public TrailStats Read(IEnumerable<string> folders, int days, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var span = new DaySpan(_home, days, now);
        var tally = new CallTally();
        var skipped = 0L;
        foreach (var folder in folders)
        {
            var reader = new DayReader(_home, folder, now);
            var counter = new CallCounter(tally, _matcher);
            foreach (var day in reader.Files.Select(name => name.Day).Distinct().Where(span.Contains))
            {
                counter.BeginDay();
                var start = 0L;
                foreach (var (file, records) in reader.Open(day, _ => skipped++))
                {
                    using var open = records;
                    while (records.TryRead(out var header, out var line))
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        counter.Add(header, start + line.Offset);
                    }

                    start += file.Length;
                }
            }

            counter.Finish();
        }

        return tally.ToStats(span.First, span.Today, skipped);
    }
}
