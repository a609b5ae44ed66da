using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Tests.Sealing;

namespace ToolTrail.Tests.Retention;

public sealed class ClosedPartTests : IAsyncDisposable
{
    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
    private readonly Sealer _sealer;

    public ClosedPartTests() => _sealer = new Sealer(_home.Home, null, _ => true, _time, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _sealer.DisposeAsync();
        _home.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HeldPart_WritersAndSignersGoOn()
    {
        using var part = await HoldAsync();
        using var writers = new FolderLock(part.Files.Folder);
        using var trees = new TreeLocks(_home.Home);
        Assert.True(writers.TryEnter());
        Assert.True(trees.TryEnter("ann"));
        Assert.Null(ClosedPart.TryHold(_sealer.Context, _home.Part()));
    }

    [Fact]
    public async Task WritersThatAreBusy_AreWaitedForWithTheLastStepAlone()
    {
        using var part = await HoldAsync();
        using var writers = new FolderLock(part.Files.Folder);
        writers.Enter();
        var compressing = Task.Run(() => part.Compress(Cancel), Cancel);
        // All is written, and waits for the writer.
        while (!File.Exists(_home.PathOf("jsonl.zst.new")) || new FileInfo(_home.PathOf("jsonl.zst.new")).Length == 0)
            await Task.Yield();
        Assert.True(File.Exists(_home.PathOf()));
        writers.Exit();
        await compressing;
        Assert.False(File.Exists(_home.PathOf()));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task WhatIsEnded_LeavesThePartAsItWas()
    {
        using var part = await HoldAsync();
        Assert.Throws<OperationCanceledException>(() => part.Compress(new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => part.Erase(_ => true, new CancellationToken(canceled: true)));
        Assert.Equal(["2026-11-20.checkpoint", "2026-11-20.jsonl", "2026-11-20.leaves"], Directory.EnumerateFiles(part.Files.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task PartThatGrewBehindItsEnd_IsNotRewritten()
    {
        using var part = await HoldAsync();
        var length = new FileInfo(_home.PathOf()).Length;
        using var lines = PartBytes.TryOpen(_home.PathOf())!;
        var e = Assert.Throws<PartAlarmException>(() => PartRewriter.Write(part.Files, lines, compress: true, _ => File.AppendAllText(_home.PathOf(), "more\n")));
        Assert.Contains("appended", e.Message, StringComparison.Ordinal);
        Assert.Equal(length + 5, new FileInfo(_home.PathOf()).Length);
        Assert.False(File.Exists(_home.PathOf("jsonl.zst")));
    }

    [Fact]
    public async Task LongWorkOnAPart_OthersAreSignedMeanwhile()
    {
        using var done = new ManualResetEventSlim();
        var working = _sealer.ApplyAsync(_home.Part(), () => done.Wait(Cancel));
        await _sealer.CatchUpAsync();
        done.Set();
        await working;
    }

    private async Task<ClosedPart> HoldAsync()
    {
        await _home.RecordAsync("ann", 3);
        await _home.SweepAsync(_time);
        return ClosedPart.TryHold(_sealer.Context, _home.Part())!;
    }
}
