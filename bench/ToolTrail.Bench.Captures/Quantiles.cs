namespace ToolTrail.Bench.Captures;

/// <summary>What a measure says of its many runs.</summary>
internal static class Quantiles
{
    /// <summary>The value below which a share of all lies.</summary>
    public static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    public static double Median(IEnumerable<double> values) => At(values, 0.5);
}
