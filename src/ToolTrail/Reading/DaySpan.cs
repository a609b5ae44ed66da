using ToolTrail.Home;

namespace ToolTrail.Reading;

/// <summary>The last calendar days, today included; and any to come: a clock that was ahead wrote there, and a trail hides nothing.</summary>
internal readonly record struct DaySpan
{
    /// <param name="home">Tells the zone.</param>
    /// <param name="days">From 1.</param>
    /// <param name="now">Tells today.</param>
    public DaySpan(TrailHome home, int days, DateTimeOffset now)
    {
        Today = home.DayOf(now);
        First = Today.AddDays(-Math.Min(days - 1, Today.DayNumber));
    }

    public DateOnly First { get; }

    public DateOnly Today { get; }

    public bool Contains(DateOnly day) => day >= First;
}
