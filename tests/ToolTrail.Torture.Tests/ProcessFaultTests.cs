using ToolTrail.Torture.Faults;

namespace ToolTrail.Torture.Tests;

/// <summary>The rows of the torture bench that need nothing but files and processes, each for a few rounds.</summary>
public sealed class ProcessFaultTests
{
    [Fact]
    public Task KilledProcess_LosesNothingThatWasAcknowledged() => ShortRun.HoldsAsync(new KilledProcess(), rounds: 3);

    [Fact]
    public Task PulledAway_IsNoticed() => ShortRun.HoldsAsync(new PulledAway(), rounds: 4);

    [Fact]
    public Task ManyWriters_LoseNothing_WhenSomeAreKilled() => ShortRun.HoldsAsync(new ManyWriters(), rounds: 2);

    [Fact]
    public Task ClockJumps_LeaveEveryRecordInItsDay() => ShortRun.HoldsAsync(new ClockJumps(), rounds: 4);

    [Fact]
    public Task SlowDisk_LosesNothingUncounted() => ShortRun.HoldsAsync(new SlowDisk(TimeSpan.FromSeconds(0.3)), rounds: 1);

    [Fact]
    public Task LiveCopy_IsATrail() => ShortRun.HoldsAsync(new LiveCopy(), rounds: 1);

    [Fact]
    public Task HeavyLoad_LosesNothing() => ShortRun.HoldsAsync(new HeavyLoad(), share: 0.01);
}
