using System.Globalization;

namespace ToolTrail.Torture;

/// <summary>How long requests took. Safe for use by several threads.</summary>
internal sealed class Latencies
{
    private readonly Lock _gate = new();
    private readonly List<float> _milliseconds = [];

    /// <summary>How many.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Notes one.</summary>
    public void Add(TimeSpan took)
    {
        lock (_gate)
            _milliseconds.Add((float)took.TotalMilliseconds);
    }

    /// <summary>The median, the 99th percentile and the longest.</summary>
    public override string ToString()
    {
        lock (_gate)
            _milliseconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, longest {At(1):0} ms");
    }

    private float At(double share) => _milliseconds.Count == 0 ? 0 : _milliseconds[(int)((_milliseconds.Count - 1) * share)];
}
