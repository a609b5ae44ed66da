using System.Diagnostics;
using ToolTrail.Home;
using ToolTrail.Recording;

namespace ToolTrail.Tests.Recording;

/// <summary>Another process holds the folder's lock (util-linux's flock), so that nothing can be written, and the queue has room for little.</summary>
public sealed class FullQueueTests : IDisposable
{
    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task FullQueue_BackgroundContinue_GoesOnCountsAndTellsOnceItCan()
    {
        long lost;
        await using (var recorder = await FullAsync(new DeliverySettings { QueueBytes = 1000, QueueFullWait = TimeSpan.FromMilliseconds(10) }))
        {
            using (var holder = await HoldLockAsync())
            {
                for (var i = 0; i < 10; i++)
                    await recorder.RecordAsync(RecordingHome.Call(), cancellationToken: Cancel);
                lost = recorder.Health.Lost;
                Assert.InRange(lost, 1, 9);
                Assert.Equal((lost, true), (recorder.Health.PendingLosses, recorder.Health.Degraded));
                Assert.Contains("full", recorder.Health.Cause, StringComparison.Ordinal);
                holder.Kill();
            }

            await recorder.RecordAsync(RecordingHome.Call(tool: "after"), DeliveryMode.Durable, Cancel);
            Assert.Equal((lost, 0, false), (recorder.Health.Lost, recorder.Health.PendingLosses, recorder.Health.Degraded));
        }

        Assert.Equal(10 - lost, _trail.Summary().Count(line => line == "read_file started"));
        var lines = _trail.Lines();
        var gaps = lines.FindAll(line => RecordingHome.Text(line, "tool") == "tooltrail.gap");
        Assert.Equal(lost, gaps.Sum(gap => gap.GetProperty("args").GetProperty("count").GetInt64()));
        Assert.True(lines.IndexOf(gaps[^1]) < lines.FindIndex(line => RecordingHome.Text(line, "tool") == "after"), "The gaps come first.");
    }

    [Fact]
    public async Task FullQueue_Refuse_ThrowsAndNothingIsLost()
    {
        await using var recorder = await FullAsync(new DeliverySettings { QueueBytes = 1000, QueueFullWait = TimeSpan.FromMilliseconds(10), OnFailure = FailurePolicy.Refuse });
        using var holder = await HoldLockAsync();
        var e = await Assert.ThrowsAsync<TrailWriteException>(async () =>
        {
            for (var i = 0; i < 10; i++)
                await recorder.RecordAsync(RecordingHome.Call(), cancellationToken: Cancel);
        });
        Assert.Contains("full", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, recorder.Health.Lost);
        holder.Kill();
    }

    [Fact]
    public async Task LockThatIsNotGivenBack_FailsDurableAfterABoundedWait()
    {
        await using var recorder = await FullAsync(new DeliverySettings());
        using var holder = await HoldLockAsync();
        var e = await Assert.ThrowsAsync<TrailWriteException>(() => recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, Cancel).AsTask());
        Assert.Contains("somebody else has held the lock", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("disk", e.Message, StringComparison.Ordinal);
        Assert.True(recorder.Health.Failing);
        var begin = await Assert.ThrowsAsync<TrailWriteException>(() => recorder.RunAsync<int>(
            RecordingHome.Call(tool: "deploy"), _ => throw new InvalidOperationException("It ran unrecorded."), cancellationToken: Cancel));
        Assert.Contains("unrecorded", begin.Message, StringComparison.Ordinal);

        // What the policy denies is denied also where that cannot be recorded, and the loss is counted.
        var lost = recorder.Health.Lost;
        var denied = await recorder.BeginAsync(RecordingHome.Call(tool: "forbidden"), DeliveryMode.WriteAhead, Cancel);
        Assert.Equal(("no", lost + 1), (denied.Denial?.Rule, recorder.Health.Lost));
        holder.Kill();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // The first record makes the folder.
    private async Task<ToolCallRecorder> FullAsync(DeliverySettings delivery)
    {
        var rules = new[] { new DeliveryRule { Tool = "deploy", OnFailure = FailurePolicy.Refuse } };
        var policy = new[] { new PolicyRule { Name = "no", Effect = PolicyEffect.Deny, Tool = "forbidden" } };
        var recorder = _trail.Recorder(new TrailSettings { Delivery = delivery with { Rules = rules }, Policy = policy });
        await recorder.RecordAsync(RecordingHome.Call(tool: "first"), DeliveryMode.Durable, Cancel);
        return recorder;
    }

    private async Task<Process> HoldLockAsync()
    {
        var folder = Path.GetDirectoryName(_trail.Files()[0])!;
        var holder = Process.Start(new ProcessStartInfo("flock", ["--no-fork", folder, "sh", "-c", "echo held; read forever"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Cancel));
        return holder;
    }
}
