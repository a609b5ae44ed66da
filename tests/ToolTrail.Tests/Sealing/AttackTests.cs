using System.Text.Json;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Tests.Recording;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

/// <summary>What somebody who may write the home's files might try.</summary>
public sealed class AttackTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NothingChanged_NothingIsFound()
    {
        await _home.RecordAsync("ann", 7);
        await _home.RecordAsync("bob", 300);
        await _home.RecordAsync("ann", 5);
        var verdict = _home.Verify();
        Assert.True(verdict.IsIntact);
        Assert.Equal(["ann/2026-11-20.jsonl 12 12", "bob/2026-11-20.jsonl 300 300"], verdict.Parts.Select(part => $"{part.Part} {part.Lines} {part.SealedLines}"));
        Assert.All(verdict.Parts, part => Assert.Empty(part.Remarks));
    }

    [Theory]
    [InlineData(FindingKind.Edited, "3-3")]
    [InlineData(FindingKind.Inserted, "4-4")]
    [InlineData(FindingKind.Removed, "2-2")]
    [InlineData(FindingKind.Reordered, "1-1")]
    [InlineData(FindingKind.Truncated, "8-9")]
    public async Task ChangedLines_AreNamed(FindingKind kind, string lines)
    {
        await _home.RecordAsync("ann", 10);
        _home.Change(all =>
        {
            switch (kind)
            {
                case FindingKind.Edited: all[3] = all[3].Replace("read_file", "read_cake", StringComparison.Ordinal); break;
                case FindingKind.Inserted: all.Insert(4, all[4].Replace("read_file", "more", StringComparison.Ordinal)); break;
                case FindingKind.Removed: all.RemoveAt(2); break;
                case FindingKind.Reordered: (all[1], all[6]) = (all[6], all[1]); break;
                case FindingKind.Truncated: all.RemoveRange(8, 2); break;
            }

            return all;
        });
        Assert.Equal($"ann/2026-11-20.jsonl: {kind} {lines}", _home.Findings());
    }

    [Fact]
    public async Task ChangedLineWithoutLeaves_IsNarrowedToTwoSeals()
    {
        await _home.RecordAsync("ann", 10);
        await _home.RecordAsync("ann", 10);
        await _home.RecordAsync("ann", 10);
        File.Delete(_home.PathOf("leaves"));
        _home.Change(all => all.Select((line, i) => i == 14 ? line.Replace("read_file", "x", StringComparison.Ordinal) : line));
        Assert.Equal("ann/2026-11-20.jsonl: Changed 10-19", _home.Findings());
    }

    [Fact]
    public async Task EditThenDeleteCheckpointAndLeavesThenRestart_IsNotSigned()
    {
        await _home.RecordAsync("ann", 10);
        _home.Change(all => all.Select((line, i) => i == 3 ? line.Replace("read_file", "read_cake", StringComparison.Ordinal) : line));
        File.Delete(_home.PathOf("checkpoint"));
        File.Delete(_home.PathOf("leaves"));
        var sealedBefore = _home.Log.ReadHead()!.Checkpoint.Size;
        await _home.RecordAsync("ann", 2);
        Assert.Equal("ann/2026-11-20.jsonl: CheckpointMissing; ann/2026-11-20.jsonl: Changed 0-9", _home.Findings());
        Assert.Equal(3, File.ReadAllLines(_home.PathOf(part: 2)).Length);
        var told = JsonDocument.Parse(File.ReadAllLines(_home.PathOf(part: 2))[0]).RootElement.GetProperty("args").GetProperty("cause").GetString();
        Assert.Contains("its checkpoint is missing, and 10 lines of it were signed", told, StringComparison.Ordinal);
        Assert.Equal(sealedBefore + 1, _home.Log.ReadHead()!.Checkpoint.Size);
        Assert.False(File.Exists(_home.PathOf("checkpoint")));
    }

    [Fact]
    public async Task EditThenDeleteAllThatIsDerivedThenRestart_IsNotSigned()
    {
        await _home.RecordAsync("ann", 10);
        _home.Change(all => all.Select((line, i) => i == 3 ? line.Replace("read_file", "x", StringComparison.Ordinal) : line));
        File.Delete(_home.PathOf("leaves"));
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "trees"), recursive: true);
        await using (var recorder = _home.Recorder())
        {
            await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        }

        Assert.Contains("Changed 0-9", _home.Findings(), StringComparison.Ordinal);
        Assert.Equal(10, Checkpoint.Parse(SignedNote.Parse(await File.ReadAllBytesAsync(_home.PathOf("checkpoint"), Cancel)).Text).Size);
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
    }

    [Fact]
    public async Task EditUnderALiveRecorder_WithAllThatIsDerivedGone_IsNotSigned()
    {
        await using (var recorder = _home.Recorder())
        {
            for (var i = 0; i < 3; i++)
                await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
            var tree = Path.Combine(_home.Home.SystemPath, "trees", "ann", "2026-11-20.tree");
            while (!File.Exists(tree))
                await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
            _home.ChangeInPlace("read_file", "read_cake");
            foreach (var gone in new[] { tree, _home.PathOf("checkpoint"), _home.PathOf("leaves") })
                File.Delete(gone);
            await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        }

        Assert.False(File.Exists(_home.PathOf("checkpoint")));
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.Contains("CheckpointMissing", _home.Findings(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EverythingOfAPartRemovedThenRestart_IsNotSigned()
    {
        await _home.RecordAsync("ann", 3);
        Directory.Delete(_home.Home.AuditPath("ann"), recursive: true);
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "trees"), recursive: true);
        await _home.RecordAsync("ann", 1);
        Assert.False(File.Exists(_home.PathOf("checkpoint")));
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.Contains("CheckpointMissing", _home.Findings(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NulInASignedLine_CutsNothingAway()
    {
        await _home.RecordAsync("ann", 5);
        _home.ChangeInPlace("read_file", "read\0file");
        var before = await File.ReadAllBytesAsync(_home.PathOf(), Cancel);
        await _home.RecordAsync("ann", 1);
        Assert.Equal(before, await File.ReadAllBytesAsync(_home.PathOf(), Cancel));
        Assert.Contains("it was signed up to byte", (await File.ReadAllLinesAsync(_home.PathOf(part: 2), Cancel))[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_home.Home.SystemPath, "torn")));
        Assert.Equal("ann/2026-11-20.jsonl: Edited 0-0", _home.Findings());
    }

    [Fact]
    public async Task FolderRolledBack_IsFound()
    {
        await _home.RecordAsync("ann", 10);
        using var backup = new Testing.TempFolder();
        var folder = Path.GetDirectoryName(_home.PathOf())!;
        _home.Copy(folder, backup.Path);
        await _home.RecordAsync("ann", 10);
        _home.Copy(backup.Path, folder);
        Assert.Equal("ann/2026-11-20.jsonl: CheckpointRolledBack; ann/2026-11-20.jsonl: Truncated 10-19", _home.Findings());
        await _home.RecordAsync("ann", 1);
        Assert.Equal(10, File.ReadAllLines(_home.PathOf()).Length);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
    }

    [Fact]
    public async Task UserRemoved_IsFound()
    {
        await _home.RecordAsync("ann", 10);
        await _home.RecordAsync("bob", 10);
        Directory.Delete(Path.Combine(_home.Home.Path, "bob"), recursive: true);
        Assert.Equal("bob/2026-11-20.jsonl: FileMissing", _home.Findings());
        await _home.RecordAsync("bob", 1);
        Assert.Equal("bob/2026-11-20.jsonl: FileMissing", _home.Findings());
        Assert.True(File.Exists(_home.PathOf(user: "bob", part: 2)));
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("jsonl checkpoint leaves")]
    public async Task TwoUsersFilesSwapped_IsFound(string extensions)
    {
        await _home.RecordAsync("ann", 10);
        await _home.RecordAsync("bob", 10);
        foreach (var extension in extensions.Split(' '))
        {
            File.Move(_home.PathOf(extension), _home.PathOf(extension) + ".x");
            File.Move(_home.PathOf(extension, "bob"), _home.PathOf(extension));
            File.Move(_home.PathOf(extension) + ".x", _home.PathOf(extension, "bob"));
        }

        var foreign = extensions.Length > 5;
        Assert.Equal(
            foreign
                ? "ann/2026-11-20.jsonl: CheckpointForeign; ann/2026-11-20.jsonl: Changed 0-9; bob/2026-11-20.jsonl: CheckpointForeign; bob/2026-11-20.jsonl: Changed 0-9"
                : "ann/2026-11-20.jsonl: Edited 0-0; bob/2026-11-20.jsonl: Edited 0-0",
            _home.Findings());
    }

    [Fact]
    public async Task SignedAgainWithAnotherKey_IsFoundByWhoeverHasTheKey()
    {
        await _home.RecordAsync("ann", 10);
        var keys = _home.Log.VerifierKeys();
        var head = _home.Log.ReadHead()!.Note;
        foreach (var gone in new[] { "seals", "trees" })
            Directory.Delete(Path.Combine(_home.Home.SystemPath, gone), recursive: true);
        File.Delete(Path.Combine(_home.Home.SystemPath, "signing.key"));
        File.Delete(_home.PathOf("checkpoint"));
        File.Delete(_home.PathOf("leaves"));
        _home.Change(all => all.Skip(1));
        await _home.RecordAsync("ann", 1);

        Assert.Contains(_home.Verify(keys: keys).Log.Findings, found => found.Kind == FindingKind.WrongKey);
        Assert.Contains(_home.Verify(head).Log.Findings, found => found.Kind == FindingKind.WrongKey);
        Assert.Equal("ann/2026-11-20.jsonl: Adopted", _home.Findings());
    }

    [Fact]
    public async Task CheckpointOfAnotherKey_IsNotGoneOnWith()
    {
        await _home.RecordAsync("ann", 10);
        using var other = SigningKey.Create(_home.Home.Installation);
        var note = SignedNote.Parse(await File.ReadAllBytesAsync(_home.PathOf("checkpoint"), Cancel));
        await File.WriteAllBytesAsync(_home.PathOf("checkpoint"), SignedNote.Sign(note.Text, other).ToBytes(), Cancel);
        var foreign = await File.ReadAllBytesAsync(_home.PathOf("checkpoint"), Cancel);
        await _home.RecordAsync("ann", 1);
        Assert.Equal(foreign, await File.ReadAllBytesAsync(_home.PathOf("checkpoint"), Cancel));
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
    }

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
