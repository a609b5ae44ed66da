using System.Globalization;

namespace ToolTrail.Cli.Output;

/// <summary>Times as people read them.</summary>
internal static class TimeText
{
    /// <summary>Date, time to the second, and the offset: <c>2026-11-23 14:35:11Z</c>.</summary>
    public static string Format(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return local.ToString(local.Offset == TimeSpan.Zero ? "yyyy-MM-dd HH:mm:ss'Z'" : "yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);
    }
}
