using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Bench.Contenders;

/// <summary>ToolTrail as it is by default: <see cref="DeliveryMode.Background"/>, redaction on; or without its seals.</summary>
internal sealed class ToolTrailContender : IContender
{
    private readonly ToolCallRecorder _recorder;

    public ToolTrailContender(string folder, bool seals = true) =>
        _recorder = ToolCallRecorder.Open(TrailHome.Open(folder), TrailConfiguration.Fixed(new TrailSettings { Integrity = new IntegritySettings { Seal = seals } }));

    public void Record(SampleCall call)
    {
        var recorded = _recorder.RecordAsync(call.ToRecord());
        if (!recorded.IsCompletedSuccessfully)
            recorded.AsTask().GetAwaiter().GetResult();
    }

    public ValueTask DisposeAsync() => _recorder.DisposeAsync();
}
