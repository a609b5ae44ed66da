using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ToolTrail.Storage;

/// <summary>What a recorder measures, on a <see cref="Meter"/> named <c>ToolTrail</c>, and its traces, on an <see cref="ActivitySource"/> of that name.</summary>
internal sealed class StoreMetrics : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "ToolTrail";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _recorded;
    private readonly Counter<long> _lost;
    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _append;
    private readonly Histogram<double> _sync;

    /// <param name="queueDepth">Bytes that wait to be written.</param>
    public StoreMetrics(Func<long> queueDepth)
    {
        _recorded = _meter.CreateCounter<long>("tooltrail.records", "{record}", "Records written.");
        _lost = _meter.CreateCounter<long>("tooltrail.records.lost", "{record}", "Records that could not be written.");
        _meter.CreateObservableGauge("tooltrail.queue.depth", queueDepth, "By", "Bytes of records that wait to be written.");
        _batchSize = _meter.CreateHistogram<long>("tooltrail.batch.size", "{record}", "Records written together.");
        _append = _meter.CreateHistogram<double>("tooltrail.append.duration", "s", "Time to append a batch, waiting for the folder's lock included.");
        _sync = _meter.CreateHistogram<double>("tooltrail.sync.duration", "s", "Time of a sync.");
    }

    /// <summary>The traces of all recorders.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    public void Appended(int records, TimeSpan duration)
    {
        _recorded.Add(records);
        _batchSize.Record(records);
        _append.Record(duration.TotalSeconds);
    }

    public void Synced(TimeSpan duration) => _sync.Record(duration.TotalSeconds);

    public void Lost(long records) => _lost.Add(records);

    public void Dispose() => _meter.Dispose();
}
