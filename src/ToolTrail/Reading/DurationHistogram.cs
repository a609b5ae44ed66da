namespace ToolTrail.Reading;

/// <summary>
/// Durations counted in buckets no wider than a thousandth of the duration, so that memory does not grow with their number.
/// </summary>
internal sealed class DurationHistogram
{
    // Keeps sign, exponent and 10 bits of the mantissa: whole numbers up to 2047 are exact.
    private const int DroppedBits = 42;

    private readonly Dictionary<int, long> _buckets = [];
    private long _count;
    private double _max;

    /// <summary>Adds a duration in milliseconds; what is none (negative, not finite) is passed over.</summary>
    public void Add(double durationMs)
    {
        if (!double.IsFinite(durationMs) || durationMs < 0)
            return;
        _count++;
        _max = Math.Max(_max, durationMs);
        var bucket = (int)(BitConverter.DoubleToInt64Bits(durationMs) >> DroppedBits);
        _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + 1;
    }

    /// <summary>Percentiles by nearest rank, to within a thousandth; <c>null</c> when nothing was added.</summary>
    public DurationSummary? Summarize()
    {
        if (_count == 0)
            return null;
        var buckets = _buckets.OrderBy(bucket => bucket.Key).ToList();
        return new DurationSummary(Percentile(buckets, 50), Percentile(buckets, 95), _max);
    }

    private double Percentile(List<KeyValuePair<int, long>> buckets, int percent)
    {
        var rank = ((_count * percent) + 99) / 100;
        var last = buckets.FindIndex(bucket => (rank -= bucket.Value) <= 0);
        return BitConverter.Int64BitsToDouble((long)buckets[last].Key << DroppedBits);
    }
}
