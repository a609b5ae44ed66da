using System.Globalization;

namespace ToolTrail.Home;

/// <summary>
/// Durations as the configuration writes them: a whole number and its unit, <c>100ms</c>, <c>5s</c>, <c>2m</c>, <c>12h</c>, <c>30d</c>.
/// </summary>
internal static class ConfigurationDuration
{
    // "ms" before "s", which it ends with.
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>Reads a duration.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var unit = Array.Find(Units, unit => text.EndsWith(unit.Name, StringComparison.Ordinal));
        if (unit.Name is null)
            return false;
        var digits = text.AsSpan(0, text.Length - unit.Name.Length);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > TimeSpan.MaxValue.Ticks / unit.Ticks)
            return false;
        duration = new TimeSpan(number * unit.Ticks);
        return true;
    }

    /// <summary>Writes a duration of whole milliseconds in the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var (name, ticks) = Units.OrderByDescending(unit => unit.Ticks).First(unit => duration.Ticks % unit.Ticks == 0 || unit.Name == "ms");
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{name}");
    }
}
