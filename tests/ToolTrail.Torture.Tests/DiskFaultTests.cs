using ToolTrail.Torture.Faults;

namespace ToolTrail.Torture.Tests;

/// <summary>The rows of the torture bench that mount a disk of their own, each for a few rounds. ./test leaves them out where nothing can be mounted, and says so.</summary>
[Trait("Needs", "Mount")]
public sealed class DiskFaultTests
{
    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public Task PowerCut_LosesNothingThatWasAcknowledged(string fileSystem) => ShortRun.HoldsAsync(new PowerCut(fileSystem), rounds: 1);

    [Fact]
    public Task FailedSync_IsToldToTheCaller() => ShortRun.HoldsAsync(new FailedSync(), rounds: 3);

    [Fact]
    public Task FullDisk_IsGoneOnWithWhenSpaceReturns() => ShortRun.HoldsAsync(new FullDisk(), rounds: 1);

    [Fact]
    public Task ReadOnlyRemount_AcknowledgesNothing() => ShortRun.HoldsAsync(new ReadOnlyRemount(), rounds: 1);
}
