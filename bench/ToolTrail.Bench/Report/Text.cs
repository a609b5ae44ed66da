using System.Globalization;

namespace ToolTrail.Bench.Report;

/// <summary>Figures as the report writes them.</summary>
internal static class Text
{
    /// <summary>A number at three digits or more.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>The median, and the least and most of the rounds.</summary>
    public static string Spread(Series series, string figure) =>
        $"{Number(series.Median(figure))} ({Number(series.Least(figure))}–{Number(series.Most(figure))})";

    public static string Times(double ratio) => Number(ratio) + " ×";
}
