using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Fuzz.Targets;

/// <summary>A recorder in front of a trail that nobody reads, taken anew before it has grown large.</summary>
internal sealed class ScratchRecorder : IDisposable
{
    private const int MostUses = 500;

    private ScratchFolder? _folder;
    private TrailConfiguration? _configuration;
    private ToolCallRecorder? _recorder;
    private int _uses;

    /// <summary>The recorder for one input.</summary>
    public ToolCallRecorder Take()
    {
        if (_uses++ % MostUses == 0)
            Renew();
        return _recorder!;
    }

    public void Dispose()
    {
        _recorder?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _configuration?.Dispose();
        _folder?.Dispose();
    }

    private void Renew()
    {
        Dispose();
        _folder = new ScratchFolder();
        _configuration = TrailConfiguration.Fixed(new TrailSettings { Integrity = new IntegritySettings { Seal = false } });
        _recorder = ToolCallRecorder.Open(TrailHome.Open(_folder.At("home")), _configuration, new FixedClock());
    }
}
