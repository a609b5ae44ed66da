using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;

namespace ToolTrail.Tests.Sealing;

public sealed class SweepTests : IDisposable
{
    private readonly SealedHome _home = new();

    // The files' own times are those of the system.
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5));

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FileFromBefore_IsAdoptedAndSaidSoForEver()
    {
        var files = new DayFiles(_home.Home);
        var today = _home.Home.DayOf(TimeProvider.System.GetUtcNow());
        files.Append("ann", today, 1, Enumerable.Range(0, 5).Select(i => DayFiles.Line(TimeProvider.System.GetUtcNow(), id: $"{i}")));
        await SweepAsync();
        Assert.Equal($"ann/{today:yyyy-MM-dd}.jsonl: Adopted", _home.Findings());
        var entries = _home.Log.ReadHead()!.Checkpoint.Size;
        Assert.Equal(2, entries);
        await SweepAsync();
        Assert.Equal(entries, _home.Log.ReadHead()!.Checkpoint.Size);
        await _home.RecordAsync("ann", 1, TimeProvider.System.GetUtcNow());
        Assert.Equal($"ann/{today:yyyy-MM-dd}.jsonl: Adopted", _home.Findings());
    }

    [Fact]
    public async Task WhatAKilledProcessLeft_IsSealedAndNotAdopted()
    {
        await using (var driver = Driver.Start(_home.Home.Path))
        {
            await driver.AskAsync("d ann 1");
            await driver.AskAsync("d bob 1");
            driver.Kill();
            await driver.FinishAsync();
        }

        await SweepAsync();
        var verdict = _home.Verify();
        Assert.True(verdict.IsIntact, _home.Findings());
        Assert.Equal(["ann 1 1", "bob 1 1"], verdict.Parts.Select(part => $"{part.Part.UserFolder} {part.Lines} {part.SealedLines}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task ClosedDayWhoseTreesAreGone_IsNotAppendedTo(int? retention)
    {
        await _home.RecordAsync("ann", 3);
        _time.Advance(TimeSpan.FromDays(1));
        await _home.SweepAsync(_time, new RetentionSettings { Days = retention });
        Assert.Equal(retention is null, File.Exists(_home.PathOf()));
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "trees"), recursive: true);
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task ClosingThatBrokeOffBeforeItsEvent_IsToldByTheNextSweep()
    {
        await _home.RecordAsync("ann", 3);
        await _home.RecordAsync("bob", 1);
        var log = _home.Log.Folder + ".before";
        _home.Copy(_home.Log.Folder, log);
        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        // The event is gone again, as if the process had been killed before it.
        Directory.Delete(_home.Log.Folder, recursive: true);
        Directory.Move(log, _home.Log.Folder);
        foreach (var user in new[] { "ann", "bob" })
        {
            var tree = Path.Combine(_home.Home.SystemPath, "trees", user, "2026-11-20.tree");
            await File.WriteAllTextAsync(tree, (await File.ReadAllTextAsync(tree, Cancel)).Replace("closed\n", "closing\n", StringComparison.Ordinal), Cancel);
        }

        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        await SweepAsync();
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        await File.AppendAllTextAsync(_home.PathOf(), await File.ReadAllTextAsync(_home.PathOf(user: "bob"), Cancel), Cancel);
        Assert.Equal("ann/2026-11-20.jsonl: Inserted 3-4", _home.Findings());
    }

    [Fact]
    public async Task WhatAKilledProcessLeftHalfWritten_GoesOnceNobodyCanBeAtIt()
    {
        await _home.RecordAsync("ann", 1);
        var left = _home.PathOf("checkpoint.0194a3c2.new");
        await File.WriteAllTextAsync(left, "half", Cancel);
        await SweepAsync();
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task DayThatIsOver_IsClosed()
    {
        await _home.RecordAsync("ann", 3);
        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.True(_home.Verify().IsIntact, _home.Findings());

        // Late ones come together in a part that closes in its turn.
        await _home.RecordAsync("ann", 1);
        Assert.False(File.Exists(_home.PathOf(part: 3)));
        await SweepAsync();
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 3)));
        Assert.Equal([3, 2, 1], _home.Verify().Parts.Select(part => part.Lines));
    }

    [Fact]
    public async Task TreeOfAClosedPart_IsNotReadAgain()
    {
        await _home.RecordAsync("ann", 3);
        _time.Advance(TimeSpan.FromDays(1));
        var tree = new PartFiles(_home.Home, _home.Part()).Tree;
        await SweepAsync();
        // A sweep that read it again would make it anew.
        await _home.SweepAsync(_time, then: () => File.WriteAllText(tree, "unreadable"));
        Assert.Equal("unreadable", await File.ReadAllTextAsync(tree, Cancel));
        await _home.SweepAsync(_time, then: () => File.Delete(tree));
        Assert.True(TreeState.Read(tree)!.IsClosed);
    }

    [Fact]
    public async Task LineInsertedIntoAClosedDay_IsFound()
    {
        await _home.RecordAsync("ann", 3);
        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        _home.Change(lines => [.. lines, lines[0]]);
        Assert.Equal("ann/2026-11-20.jsonl: Inserted 3-4", _home.Findings());
    }

    [Fact]
    public async Task OpenPart_GoesOnInTheNextOnceItsDayIsClosed()
    {
        await using var recorder = _home.Recorder();
        await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        await recorder.FlushAsync(Cancel);
        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        Assert.Single(File.ReadAllLines(_home.PathOf()));
        Assert.Single(File.ReadAllLines(_home.PathOf(part: 2)));
    }

    [Fact]
    public async Task PartThatAnotherClosed_IsNotSealedAgainNorOpenedAgain()
    {
        using var fileSystem = new FileSystemSync(_home.Home.Path);
        var context = new SealingContext { Home = _home.Home, Log = _home.Log, Time = _time, Logger = NullLogger.Instance, IsOurs = _ => true };
        var (round, part) = (new SealingRound(context, fileSystem), new SealedPart(context, _home.Part()));
        await _home.RecordAsync("ann", 1);
        await using (var recorder = _home.Recorder())
        {
            await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
            part.Reach(new FileInfo(_home.PathOf()).Length);
            Assert.Empty(round.Run([part], _ => false, (_, reason) => Assert.Fail(reason)));
            Assert.True(part.HasUnsealed);
        }

        _time.Advance(TimeSpan.FromDays(1));
        await SweepAsync();
        var entries = _home.Log.ReadHead()!.Checkpoint.Size;
        Assert.Empty(round.Run([part], _ => true, (_, reason) => Assert.Fail(reason)));
        Assert.Equal(entries, _home.Log.ReadHead()!.Checkpoint.Size);
        Assert.True(TreeState.Read(part.Tree.Files.Tree)!.IsClosed);
    }

    [Fact]
    public async Task OneProcessAtATime_Sweeps()
    {
        using var other = NativeFile.System.OpenAppend(Path.Combine(_home.Home.SystemPath, "sweep.lock"));
        Assert.True(NativeFile.System.TryLock(other));
        new DayFiles(_home.Home).Append("ann", new DateOnly(2026, 11, 20), 1, DayFiles.Line(SealedHome.Time));
        await SweepAsync();
        Assert.Null(_home.Log.ReadHead());
    }

    [Fact]
    public async Task FileThatIsGone_IsAnAlarm()
    {
        await _home.RecordAsync("ann", 3);
        File.Delete(_home.PathOf());
        Assert.Equal(["ann/2026-11-20.jsonl: its file is gone, and 3 lines of it were signed"], await SweepAsync());
    }

    private Task<IReadOnlyList<string>> SweepAsync() => _home.SweepAsync(_time);
}
