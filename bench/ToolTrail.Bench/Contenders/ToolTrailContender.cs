using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Bench.Contenders;

/// <summary>ToolTrail as it is by default: <see cref="DeliveryMode.Background"/>, redaction on.</summary>
internal sealed class ToolTrailContender : IContender
{
    private readonly ToolCallRecorder _recorder;

    public ToolTrailContender(string folder) =>
        _recorder = ToolCallRecorder.Open(TrailHome.Open(folder), TrailConfiguration.Fixed(new TrailSettings()));

    public void Record(SampleCall call)
    {
        var recorded = _recorder.RecordAsync(call.ToRecord());
        if (!recorded.IsCompletedSuccessfully)
            recorded.AsTask().GetAwaiter().GetResult();
    }

    public ValueTask DisposeAsync() => _recorder.DisposeAsync();
}
