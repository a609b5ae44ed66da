using System.Globalization;

namespace ToolTrail.Cli.Output;

/// <summary>Durations in milliseconds as people read them.</summary>
internal static class DurationText
{
    /// <summary>Tenths below 10 ms, whole milliseconds above; nothing for none.</summary>
    public static string Format(double? milliseconds) =>
        milliseconds?.ToString(milliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) ?? "";
}
