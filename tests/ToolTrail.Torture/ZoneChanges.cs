namespace ToolTrail.Torture;

/// <summary>When a zone's clocks are set.</summary>
internal static class ZoneChanges
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    /// <summary>The changes within a year.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="from">Where the year begins.</param>
    /// <returns>The first instant of each new offset; none in a zone without daylight saving time.</returns>
    public static IEnumerable<DateTimeOffset> Within(TimeZoneInfo zone, DateTimeOffset from)
    {
        for (var hour = from; hour < from + Year; hour += TimeSpan.FromHours(1))
        {
            var next = hour + TimeSpan.FromHours(1);
            if (zone.GetUtcOffset(hour) != zone.GetUtcOffset(next))
                yield return Between(zone, hour, next);
        }
    }

    private static DateTimeOffset Between(TimeZoneInfo zone, DateTimeOffset before, DateTimeOffset after)
    {
        while (after - before > TimeSpan.FromMilliseconds(1))
        {
            var middle = before + ((after - before) / 2);
            if (zone.GetUtcOffset(middle) == zone.GetUtcOffset(before))
                before = middle;
            else
                after = middle;
        }

        return after;
    }
}
