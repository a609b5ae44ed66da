using System.Globalization;
using ToolTrail.Server.Keys;

namespace ToolTrail.Cli;

/// <summary>When a key ends, as people write it.</summary>
internal static class Expiry
{
    /// <summary>Reads a day (the key is good to its end, UTC), a time with an offset, or a span from now: 90d, 12h, 30m.</summary>
    /// <exception cref="ApiKeyException">It is none of these.</exception>
    public static DateTimeOffset? Parse(string? text, TimeProvider timeProvider)
    {
        if (text is null)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue)
            return new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        if (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        if (text.Length > 1 && Unit(text[^1]) is { } unit
            && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count * unit < TimeSpan.FromDays(365_000))
        {
            return timeProvider.GetUtcNow() + (count * unit);
        }

        throw new ApiKeyException($"'{text}' is no expiry: give a day (2026-12-31), a time (2026-12-31T12:00:00Z), or a span (90d, 12h, 30m).");
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        'd' => TimeSpan.FromDays(1),
        'h' => TimeSpan.FromHours(1),
        'm' => TimeSpan.FromMinutes(1),
        _ => null,
    };
}
