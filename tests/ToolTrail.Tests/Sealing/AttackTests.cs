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
            await Testing.Eventually.HoldsAsync("the part is signed", () => Task.FromResult(File.Exists(tree)));
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
}
