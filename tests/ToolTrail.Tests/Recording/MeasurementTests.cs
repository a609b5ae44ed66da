using System.Diagnostics;
using System.Diagnostics.Metrics;
using ToolTrail.Recording;

namespace ToolTrail.Tests.Recording;

/// <summary>What operators see of a recorder through .NET's own metrics and traces. Other tests' recorders are measured too: at least so much.</summary>
public sealed class MeasurementTests : IDisposable
{
    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task Meter_WhileRecording_MeasuresWhatItSays()
    {
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "ToolTrail")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();

        await using var recorder = _trail.Recorder();
        for (var i = 0; i < 10; i++)
            await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, TestContext.Current.CancellationToken);
        listener.RecordObservableInstruments();

        lock (measured)
        {
            Assert.True(measured["tooltrail.records"] >= 10);
            Assert.True(measured["tooltrail.batch.size"] >= 10);
            Assert.True(measured["tooltrail.append.duration"] > 0);
            Assert.True(measured["tooltrail.sync.duration"] > 0);
            Assert.True(measured["tooltrail.queue.depth"] >= 0);
        }

        void Add(Instrument instrument, double value)
        {
            lock (measured)
                measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
        }
    }

    [Fact]
    public async Task ActivitySource_RunAsync_TracesTheToolAndTheWrite()
    {
        var names = new HashSet<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ToolTrail",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (names)
                    names.Add(activity.OperationName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using (var recorder = _trail.Recorder())
            await recorder.RunAsync(RecordingHome.Call(tool: "traced"), _ => Task.FromResult(1), cancellationToken: TestContext.Current.CancellationToken);
        lock (names)
            Assert.Subset(names, new HashSet<string> { "execute_tool traced", "tooltrail.write" });
        Assert.Matches("^[0-9a-f]{32}$", RecordingHome.Text(Assert.Single(_trail.Lines()), "trace_id"));
    }
}
