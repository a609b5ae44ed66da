using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Retention;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

/// <summary>A compressed part that the disk, or somebody, damaged.</summary>
public sealed class DamagedPartTests : IDisposable
{
    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DamagedCompressedPart_IsAFindingAndHidesNoOther(bool truncated)
    {
        await _home.RecordAsync("ann", 3);
        await _home.RecordAsync("bob", 3);
        await _home.SweepAsync(_time, new RetentionSettings { CompressAfterDays = 3 });
        Damage(_home.PathOf("jsonl.zst"), truncated);

        var verifier = new TrailVerifier(_home.Home);
        Assert.True(verifier.Measure(new VerifyOptions { Keys = [] }) > 0);
        Assert.Equal("ann/2026-11-20.jsonl: Unreadable", _home.Findings());
        Assert.Equal([0, 3], _home.Verify().Parts.Select(part => part.Lines));

        var page = await new TrailReader(_home.Home, new FakeTimeProvider(SealedHome.Time + TimeSpan.FromDays(1))).ReadRecentAllUsersAsync(cancellationToken: Cancel);
        Assert.Equal(["bob", "bob", "bob"], page.Records.Select(record => record.Position.UserFolder));
        Assert.Equal(1, page.Skipped);
        var skipped = 0;
        await foreach (var record in new TrailReader(_home.Home).ReadDayAsync("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), skipped: _ => skipped++, cancellationToken: Cancel))
            Assert.Fail($"{record.Position} is damaged.");
        Assert.Equal(1, skipped);

        // What is to be erased may stand in it: nobody may think that it was.
        await using (var recorder = _home.Recorder())
            await Assert.ThrowsAsync<ErasureException>(() => recorder.Eraser!.EraseAsync(new ErasureRequest { User = "ann", Reason = "request 17" }, Cancel));

        // Once nothing else tells how far it was signed, it is an alarm, and keeps nobody from recording.
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "trees"), recursive: true);
        Assert.Contains("The compressed part", Assert.Single(await _home.SweepAsync(_time, new RetentionSettings { CompressAfterDays = 3 })), StringComparison.Ordinal);
    }

    private static void Damage(string path, bool truncated)
    {
        using var file = new FileStream(path, FileMode.Open);
        if (truncated)
            file.SetLength(file.Length - 3);
        else
            file.Write("none"u8);
    }
}
