using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Server.AgentView;
using ToolTrail.Verification;

namespace ToolTrail.Server.Tests.AgentView;

public sealed class TrailVerdictsTests : IDisposable
{
    private readonly TestHome _home = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Verification_ThatNobodyWaitsForAnyMore_IsStillTheOnlyOne()
    {
        var home = TrailHome.Open(_home.Path);
        using var configuration = TrailConfiguration.Load(home);
        await using (var recorder = ToolCallRecorder.Open(home, configuration))
            await recorder.RecordAsync(new ToolCallRecord { User = "ann", Tool = "t", Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
        using var gate = new Gate();
        using var verdicts = new TrailVerdicts(home, new TrailVerifier(home, gate), new SealLog(home, configuration.Current.Integrity.SigningKey), TimeProvider.System);

        using var givesUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = verdicts.OfAsync("ann", 1, givesUp.Token);
        await gate.Entered.WaitAsync(Cancel);
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = verdicts.OfAsync("ann", 2, Cancel);
        Assert.False(await gate.Entered.WaitAsync(TimeSpan.FromMilliseconds(200), Cancel));
        gate.Open();
        Assert.NotNull((await second).Verdict);
    }

    /// <summary>A clock that stands in the way of whoever asks it for the time.</summary>
    private sealed class Gate : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public SemaphoreSlim Entered { get; } = new(0);

        public void Open() => _open.Set();

        public override DateTimeOffset GetUtcNow()
        {
            Entered.Release();
            _open.Wait(Cancel);
            return base.GetUtcNow();
        }

        public void Dispose()
        {
            _open.Dispose();
            Entered.Dispose();
        }
    }
}
