using ToolTrail.Recording;
using ToolTrail.Tests.Recording;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

/// <summary>What somebody who may write the home's files might try with the seal log.</summary>
public sealed class SealLogAttackTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NothingSealedYet_IsNoFindingWhereItWasSignedJustNow()
    {
        await _home.RecordAsync("ann", 10);
        // As a recorder that is killed, or copied, between its first checkpoint and its first seal leaves it.
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "seals"), recursive: true);
        var tree = Path.Combine(_home.Home.SystemPath, "trees", "ann", "2026-11-20.tree");
        await File.WriteAllLinesAsync(tree, (await File.ReadAllLinesAsync(tree, Cancel)).Where(line => !line.StartsWith("sealed ", StringComparison.Ordinal)), Cancel);
        Assert.Equal("nothing is sealed yet", Assert.Single(_home.Verify().Log.Remarks));
        File.SetLastWriteTimeUtc(_home.PathOf(), DateTime.UnixEpoch);
        Assert.Equal(FindingKind.LogMissing, Assert.Single(_home.Verify().Log.Findings).Kind);
    }

    [Fact]
    public async Task SealLogGone_IsFound()
    {
        await _home.RecordAsync("ann", 10);
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "seals"), recursive: true);
        var verdict = _home.Verify();
        Assert.Equal(FindingKind.LogMissing, Assert.Single(verdict.Log.Findings).Kind);
        Assert.False(verdict.IsIntact);
    }

    [Fact]
    public void NothingSealedYet_IsNoFindingWhileItIsNew()
    {
        var files = new Testing.DayFiles(_home.Home);
        files.Append("ann", new DateOnly(2026, 11, 20), 1, Testing.DayFiles.Line(SealedHome.Time));
        var verdict = _home.Verify(keys: []);
        Assert.True(verdict.IsIntact);
        Assert.Equal("nothing is sealed yet", Assert.Single(verdict.Log.Remarks));
        verdict = _home.Verify(keys: [], time: new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5)));
        Assert.Equal(FindingKind.LogMissing, Assert.Single(verdict.Log.Findings).Kind);
        Assert.Equal(FindingKind.NeverSealed, Assert.Single(verdict.Parts[0].Findings).Kind);
    }

    [Fact]
    public async Task PartGoneBeforeItWasSealed_IsFoundByTheNext()
    {
        await using (var recorder = _home.Recorder())
        {
            await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
            File.Delete(_home.PathOf());
            await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        }

        Assert.Equal("ann/2026-11-20.jsonl: FileMissing", _home.Findings());
    }

    [Fact]
    public async Task SealLogWithoutItsHead_IsNotBegunAnew()
    {
        await _home.RecordAsync("ann", 10);
        var head = Path.Combine(_home.Log.Folder, "checkpoint");
        var before = await File.ReadAllBytesAsync(head, Cancel);
        File.Delete(head);
        await _home.RecordAsync("ann", 1);
        Assert.False(File.Exists(head));
        await File.WriteAllBytesAsync(head, before, Cancel);
        await _home.RecordAsync("ann", 1);
        Assert.True(_home.Verify().IsIntact);
    }

    [Theory]
    [InlineData(20)]
    // The line feed behind its first line: the entry is no note any more.
    [InlineData(-1)]
    public async Task EntryOfTheSealLogChanged_IsFound(int at)
    {
        await _home.RecordAsync("ann", 10);
        await _home.RecordAsync("bob", 10);
        var bundle = Path.Combine(_home.Log.Folder, "tile", "entries", "000.p", "2");
        var bytes = await File.ReadAllBytesAsync(bundle, Cancel);
        bytes[at < 0 ? bytes.AsSpan().IndexOf("\n\n"u8) : at] ^= 1;
        await File.WriteAllBytesAsync(bundle, bytes, Cancel);
        Assert.Contains(_home.Verify().Log.Findings, found => found.Kind == FindingKind.LogDamaged);
    }

    [Fact]
    public async Task OldBackupPutBack_IsFoundByAHeadThatWasKept()
    {
        await _home.RecordAsync("ann", 10);
        using var backup = new Testing.TempFolder();
        _home.Copy(_home.Home.Path, backup.Path);
        await _home.RecordAsync("ann", 10);
        var kept = _home.Log.ReadHead()!.Note;
        Directory.Delete(_home.Home.Path, recursive: true);
        _home.Copy(backup.Path, _home.Home.Path);

        Assert.True(_home.Verify().IsIntact);
        var found = Assert.Single(_home.Verify(kept).Log.Findings);
        Assert.Equal(FindingKind.LogRolledBack, found.Kind);
        Assert.Contains("an old backup was put back", found.Message, StringComparison.Ordinal);

        // Also once more was recorded than was lost.
        for (var i = 0; i < 3; i++)
            await _home.RecordAsync("bob", 1);
        Assert.True(_home.Verify().IsIntact);
        Assert.Equal(FindingKind.LogRewritten, Assert.Single(_home.Verify(kept).Log.Findings).Kind);
    }

    [Fact]
    public async Task TrustedHead_ThatFits_IsTold()
    {
        await _home.RecordAsync("ann", 10);
        var kept = _home.Log.ReadHead()!.Note;
        await _home.RecordAsync("ann", 10);
        var verdict = _home.Verify(kept);
        Assert.True(verdict.IsIntact);
        Assert.Equal("holds all 1 entries of the trusted head, and 1 more", Assert.Single(verdict.Log.Remarks));
    }
}
