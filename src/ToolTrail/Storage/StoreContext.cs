using Microsoft.Extensions.Logging;
using ToolTrail.Home;

namespace ToolTrail.Storage;

/// <summary>What everything in a store shares.</summary>
internal sealed class StoreContext
{
    /// <summary>The trail.</summary>
    public required TrailHome Home { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where failures are told.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>What is measured.</summary>
    public required StoreMetrics Metrics { get; init; }

    /// <summary>What dead processes left.</summary>
    public required DeadRuns DeadRuns { get; init; }

    /// <summary>This process's own mark.</summary>
    public required RunMark Mark { get; init; }

    /// <summary>Syncs the home's file system as a whole.</summary>
    public required FileSystemSync FileSystem { get; init; }

    /// <summary>Who watches over the parts; <c>null</c>: nobody.</summary>
    public IPartGuard? Guard { get; init; }

    /// <summary>The parts that were ended.</summary>
    public EndedParts Ended { get; } = new();

    /// <summary>The time, for a line in a day's file, where lines of that day alone stand: of a day that is over, its last moment.</summary>
    public DateTimeOffset NowWithin(DateOnly day)
    {
        var now = Time.GetUtcNow();
        if (Home.DayOf(now) <= day)
            return now;
        var last = day.ToDateTime(new TimeOnly(23, 59, 59, 999));
        return new DateTimeOffset(last, Home.TimeZone.GetUtcOffset(last));
    }
}
