using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;

namespace ToolTrail.Tests.Sealing;

/// <summary>Sealing that fails, and what comes of it: nothing that was recorded is doubted for that.</summary>
public sealed class FailedSealTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OrderlyEndWhoseSealFails_IsDoneByTheNext_AndNothingIsAdopted(bool isSigned)
    {
        await _home.RecordAsync("bob", 1);
        await (isSigned ? WithoutRoomInTheLogAsync(() => _home.RecordAsync("ann", 3)) : WithoutTheLogAsync(() => _home.RecordAsync("ann", 3)));
        Assert.Equal(isSigned, File.Exists(_home.PathOf("checkpoint")));
        await _home.RecordAsync("bob", 1);
        Assert.Equal("", _home.Findings());
        Assert.Equal(["ann 3 3", "bob 2 2"], _home.Verify().Parts.Select(part => $"{part.Part.UserFolder} {part.Lines} {part.SealedLines}"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_home.Home.SystemPath, "running"), "*.run"));
    }

    [Fact]
    public async Task FileFromBeforeWhoseFirstSealFails_IsAdoptedByTheNext()
    {
        await _home.RecordAsync("bob", 1);
        var today = _home.Home.DayOf(TimeProvider.System.GetUtcNow());
        new DayFiles(_home.Home).Append("ann", today, 1, DayFiles.Line(TimeProvider.System.GetUtcNow(), id: "planted"));
        await WithoutRoomInTheLogAsync(() => _home.RecordAsync("ann", 1, TimeProvider.System.GetUtcNow()));
        Assert.True(File.Exists(Path.Combine(_home.Home.AuditPath("ann"), $"{today:yyyy-MM-dd}.checkpoint")));
        await _home.RecordAsync("ann", 1, TimeProvider.System.GetUtcNow());
        Assert.Equal($"ann/{today:yyyy-MM-dd}.jsonl: Adopted", _home.Findings());
    }

    [Fact]
    public async Task KilledPredecessorAndDamagedLog_DoNotKeepARecorderFromEnding()
    {
        await _home.RecordAsync("bob", 1);
        await using (var driver = Driver.Start(_home.Home.Path))
        {
            await driver.AskAsync("d ann 1");
            driver.Kill();
            await driver.FinishAsync();
        }

        await WithoutTheLogAsync(() => _home.RecordAsync("bob", 2));
        await _home.RecordAsync("bob", 1);
        Assert.Equal("", _home.Findings());
        Assert.Equal(4, File.ReadAllLines(_home.PathOf(user: "bob")).Length);
    }

    [Fact]
    public async Task PartThatCannotBeSigned_KeepsNoOtherFromBeingSealed()
    {
        Directory.CreateDirectory(_home.PathOf("checkpoint", "zed"));
        ToolCallRecorder recorder;
        await using (recorder = _home.Recorder())
        {
            foreach (var user in new[] { "ann", "zed", "bob" })
                await recorder.RecordAsync(RecordingHome.Call(user, time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        }

        Assert.NotNull(recorder.Health.SealingProblem);
        Assert.Equal(["ann 1", "bob 1", "zed 0"], _home.Verify().Parts.Select(part => $"{part.Part.UserFolder} {part.SealedLines}"));
    }

    [Fact]
    public async Task ClockSetBack_SealingGoesOn()
    {
        var clock = new ShiftedTime { Shift = TimeSpan.FromDays(1) };
        await using var recorder = _home.Recorder(clock);
        await recorder.RecordAsync(RecordingHome.Call("ann", time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        // Its own state names the time, and is written after the log.
        await Eventually.HoldsAsync("the part is sealed", () => Task.FromResult(TreeState.Read(new PartFiles(_home.Home, _home.Part()).Tree) is { Sealed: not null }));
        clock.Shift = TimeSpan.Zero;
        await recorder.RecordAsync(RecordingHome.Call("ann", time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        await UntilSealedAsync(2);
    }

    private Task UntilSealedAsync(long entries) =>
        Eventually.HoldsAsync($"the seal log has {entries} entries", () => Task.FromResult(_home.Log.ReadHead()?.Checkpoint.Size == entries));

    // Its head is none for a while, as if a disk had returned nonsense.
    private async Task WithoutTheLogAsync(Func<Task> action)
    {
        var path = Path.Combine(_home.Home.SystemPath, "seals", "checkpoint");
        var head = await File.ReadAllBytesAsync(path, Cancel);
        await File.WriteAllTextAsync(path, "nonsense", Cancel);
        await action();
        await File.WriteAllBytesAsync(path, head, Cancel);
    }

    // Something stands where its next entries go.
    private async Task WithoutRoomInTheLogAsync(Func<Task> action)
    {
        var taken = Enumerable.Range(2, 5).Select(size => Path.Combine(_home.Home.SystemPath, "seals", "tile", "entries", "000.p", $"{size}")).ToList();
        taken.ForEach(path => Directory.CreateDirectory(path));
        await action();
        taken.ForEach(Directory.Delete);
    }
}
