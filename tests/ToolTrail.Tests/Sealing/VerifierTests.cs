using ToolTrail.Testing;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

public sealed class VerifierTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Cancelled_LeavesALargePartInTheMiddle()
    {
        await _home.RecordAsync("ann", 1);
        new DayFiles(_home.Home).Append("ann", _home.Part().File.Day, 1, Enumerable.Repeat(DayFiles.Line(SealedHome.Time), 30_000));
        using var source = new CancellationTokenSource();
        var (read, all) = (0L, new FileInfo(_home.PathOf()).Length);
        var options = new VerifyOptions
        {
            Keys = _home.Log.VerifierKeys(),
            Progress = bytes =>
            {
                read += bytes;
                source.Cancel();
            },
        };

        Assert.Throws<OperationCanceledException>(() => new TrailVerifier(_home.Home).Verify(options, source.Token));
        Assert.InRange(read, 1, all - 1);
    }

    [Fact]
    public async Task VerifierKeys_AfterRotations_AreAllOfThem_NewestFirst()
    {
        await _home.RecordAsync("ann", 1);
        var log = _home.Log;
        var first = Assert.Single(log.VerifierKeys()).ToString();
        var second = log.Rotate(SealedHome.Time).ToString();
        Assert.Equal([second, first], log.VerifierKeys().Select(key => key.ToString()));
        // By another process.
        var third = _home.Log.Rotate(SealedHome.Time).ToString();
        Assert.Equal([third, second, first], log.VerifierKeys().Select(key => key.ToString()));
    }
}
