using Microsoft.Extensions.Time.Testing;
using ToolTrail.Recording;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Tests.Recording;
using ToolTrail.Tests.Sealing;

namespace ToolTrail.Tests.Retention;

/// <summary>Erasures that cannot come to their end: they add nothing at each try, and hold up nobody.</summary>
public sealed class UnfinishedErasureTests : IDisposable
{
    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private long Entries => _home.Log.ReadHead()!.Checkpoint.Size;

    [Fact]
    public async Task PartWithAChangedLine_IsRefusedBeforeAnythingSaysThatItIsErased()
    {
        await RecordAsync("ann", "bob");
        await _home.SweepAsync(_time);
        Tamper("ann");
        var entries = Entries;
        for (var tries = 0; tries < 2; tries++)
        {
            var e = await Assert.ThrowsAsync<ErasureException>(() => EraseAsync("ann"));
            Assert.Contains("verify", e.Message, StringComparison.Ordinal);
            Assert.Empty(ErasureIntent.ReadAll(_home.Home));
            // But for what erasing recorders seal of their own.
            Assert.Equal(entries, Entries);
        }

        Assert.Equal(1, (await EraseAsync("bob")).Lines);
        Assert.Equal("ann/2026-11-20.jsonl: Edited 0-0", _home.Findings());
    }

    [Fact]
    public async Task OnePartThatDoesNotFit_TheOthersAreErasedFromAndTheReportSaysWhatWas()
    {
        await RecordAsync("ann");
        await _home.RecordAsync("ann", 2, SealedHome.Time + TimeSpan.FromDays(1));
        await _home.SweepAsync(_time);
        Tamper("ann");
        await using var recorder = _home.Recorder();
        var e = await Assert.ThrowsAsync<ErasureException>(() => recorder.Eraser!.EraseAsync(new ErasureRequest { User = "ann", Reason = "request 17" }, Cancel));
        Assert.Equal((2L, "ann/2026-11-21.jsonl"), (e.Report!.Lines, string.Join(", ", e.Report.Parts)));
        Assert.StartsWith("Of 1 files 2 lines were erased, and not all: 'ann/2026-11-20.jsonl' could not be erased from", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeFinished_IsAnAlarmAndTheOthersGoOn()
    {
        await RecordAsync("ann", "bob");
        await _home.SweepAsync(_time);
        Begin("ann");
        Tamper("ann");
        await File.WriteAllTextAsync(Path.Combine(_home.Home.SystemPath, "erasing", "0.json"), "{}", Cancel);
        Begin("bob");
        await RecordAsync("eve");
        var entries = Entries;

        Assert.Equal(["ann/2026-11-20.jsonl: its lines are not those that it was closed with"], await _home.SweepAsync(_time));
        Assert.Equal([_home.Part("ann")], ErasureIntent.ReadAll(_home.Home).Select(intent => intent.Part));
        Assert.Equal([new LineRange(1, 1)], Assert.Single(ErasureIntent.ReadThose(_home.Home, _home.Part("ann"))).Lines);
        Assert.Empty(ErasureIntent.ReadThose(_home.Home, _home.Part("bob")));
        Assert.True(TreeState.Read(new PartFiles(_home.Home, _home.Part("eve")).Tree)!.IsClosed);
        // Bob's erasure, the end of eve's day.
        Assert.Equal(entries + 2, Entries);
        await _home.SweepAsync(_time);
        Assert.Equal(entries + 2, Entries);
        Assert.Equal(1, (await EraseAsync("eve")).Lines);
        Assert.Equal("ann/2026-11-20.jsonl: Edited 0-0", _home.Findings());
    }

    [Fact]
    public async Task FileThatCannotBeWritten_IsToldOnceAndFinishedWhenItCanBe()
    {
        await RecordAsync("ann");
        await _home.SweepAsync(_time);
        var entries = Entries;
        var inTheWay = Directory.CreateDirectory(_home.PathOf("jsonl.new"));
        for (var tries = 0; tries < 2; tries++)
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => EraseAsync("ann"));
            Assert.Equal(entries + 1, Entries);
            Assert.Empty(await _home.SweepAsync(_time));
            Assert.Equal(entries + 1, Entries);
        }

        inTheWay.Delete();
        Assert.Equal(1, (await EraseAsync("ann")).Lines);
        Assert.Equal(entries + 1, Entries);
        Assert.Empty(ErasureIntent.ReadAll(_home.Home));
        Assert.Matches("^line 1 erased on 20.*: request 17$", Assert.Single(_home.Verify(_home.Part()).Remarks));
    }

    // The second line of three is to be erased.
    private async Task RecordAsync(params string[] users)
    {
        foreach (var user in users)
        {
            await _home.RecordAsync(user, 1);
            await using (var recorder = _home.Recorder())
                await recorder.RecordAsync(RecordingHome.Call(user, id: "c2", time: SealedHome.Time), DeliveryMode.Durable, Cancel);
            await _home.RecordAsync(user, 1);
        }
    }

    private void Tamper(string user) => _home.Change(lines => [lines[0].Replace("read_file", "read_fire", StringComparison.Ordinal), .. lines[1..]], user);

    private void Begin(string user)
    {
        var intent = ErasureIntent.Write(_home.Home, _home.Part(user), [new LineRange(1, 1)], "request 17", []);
        if (user == "ann")
            intent.Told(0);
    }

    private async Task<ErasureReport> EraseAsync(string user)
    {
        await using var recorder = _home.Recorder();
        return await recorder.Eraser!.EraseAsync(new ErasureRequest { User = user, Id = "c2", Reason = "request 17" }, Cancel);
    }
}
