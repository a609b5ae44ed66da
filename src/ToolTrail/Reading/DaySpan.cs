using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>The last calendar days, today included.</summary>
internal readonly record struct DaySpan
{
    /// <summary>The time by which a record's <c>ts</c> may be ahead when it is written.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    /// <param name="home">Tells the zone.</param>
    /// <param name="days">From 1.</param>
    /// <param name="now">Tells today.</param>
    public DaySpan(TrailHome home, int days, DateTimeOffset now)
    {
        Today = home.DayOf(now);
        First = Today.AddDays(-Math.Min(days - 1, Today.DayNumber));
        // A record from a clock that is ahead may stand in tomorrow's file.
        Last = home.DayOf(now + MostAhead);
    }

    public DateOnly First { get; }

    public DateOnly Today { get; }

    public DateOnly Last { get; }

    public bool Contains(DateOnly day) => day >= First && day <= Last;
}
