using System.Collections;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Sealing;

public sealed class VerifierTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Cancelled_LeavesALargePartInTheMiddle()
    {
        await _home.RecordAsync("ann", 1);
        new DayFiles(_home.Home).Append("ann", _home.Part().File.Day, 1, Enumerable.Repeat(DayFiles.Line(SealedHome.Time), 30_000));
        using var source = new CancellationTokenSource();
        var (read, all) = (0L, new FileInfo(_home.PathOf()).Length);
        var options = new VerifyOptions
        {
            Keys = _home.Log.VerifierKeys(),
            Progress = bytes =>
            {
                read += bytes;
                source.Cancel();
            },
        };

        Assert.Throws<OperationCanceledException>(() => new TrailVerifier(_home.Home).Verify(options, source.Token));
        Assert.InRange(read, 1, all - 1);
    }

    [Fact]
    public async Task VerifierKeys_AfterRotations_AreAllOfThem_NewestFirst()
    {
        await _home.RecordAsync("ann", 1);
        var log = _home.Log;
        var first = Assert.Single(log.VerifierKeys()).ToString();
        var second = log.Rotate(SealedHome.Time).ToString();
        Assert.Equal([second, first], log.VerifierKeys().Select(key => key.ToString()));
        // By another process.
        var third = _home.Log.Rotate(SealedHome.Time).ToString();
        Assert.Equal([third, second, first], log.VerifierKeys().Select(key => key.ToString()));
    }

    [Fact]
    public async Task FabricatedDayWithATimeInTheFuture_IsFound()
    {
        await _home.RecordAsync("ann", 3);
        new DayFiles(_home.Home).Append("ann", new DateOnly(2026, 11, 1), 1, DayFiles.Line(SealedHome.Time));
        Written("ann/tool_audit/2026-11-01.jsonl", new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal("ann/2026-11-01.jsonl: NeverSealed", _home.Findings());
    }

    [Fact]
    public async Task LinesThatNobodySigned_AreFoundOnceTheyAreOld()
    {
        await _home.RecordAsync("ann", 3);
        AppendUnsealed(signed: false);
        Assert.Equal("", _home.Findings());
        Assert.Equal(["its last 2 lines are not signed yet"], _home.Verify(_home.Part()).Remarks);

        Written("ann/tool_audit/2026-11-20.jsonl", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(3));
        Assert.Equal("ann/2026-11-20.jsonl: Unsigned 3-4", _home.Findings());
        Assert.StartsWith("its last 2 lines are not signed, and older than 2 minutes", Assert.Single(_home.Verify(_home.Part()).Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BriefRecorders_SealOnceAMinute_AndSignEachTime()
    {
        var time = new FakeTimeProvider(SealedHome.Time);
        foreach (var (pause, entries) in new[] { (0, 1), (10, 1), (40, 1), (15, 2) })
        {
            time.Advance(TimeSpan.FromSeconds(pause));
            await using (var recorder = _home.Recorder(time, RecorderLifetime.Brief))
                await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, TestContext.Current.CancellationToken);
            Assert.Equal(entries, _home.Log.ReadHead()!.Checkpoint.Size);
            Written("ann/tool_audit/2026-11-20.jsonl", TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(3));
            Assert.Equal("", _home.Findings());
            Assert.Equal(pause is 10 or 40 ? 1 : 0, _home.Verify(_home.Part()).Remarks.Count(remark => remark.EndsWith("signed, and not in the seal log yet", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task UnsealedCheckpointOfARotatedKey_CountsForNothingAndIsNoFinding()
    {
        await _home.RecordAsync("ann", 3);
        AppendUnsealed(signed: true);
        _home.Log.Rotate(SealedHome.Time);
        Assert.Equal("", _home.Findings());
        Assert.Contains(_home.Verify(_home.Part()).Remarks, remark => remark.Contains("a key that was rotated since", StringComparison.Ordinal));
        Assert.Contains("its last 2 lines are not signed yet", _home.Verify(_home.Part()).Remarks);

        // It does not hide what was sealed later.
        var checkpoint = await File.ReadAllBytesAsync(_home.PathOf("checkpoint"), TestContext.Current.CancellationToken);
        await _home.RecordAsync("ann", 3);
        Assert.Equal("", _home.Findings());
        await File.WriteAllBytesAsync(_home.PathOf("checkpoint"), checkpoint, TestContext.Current.CancellationToken);
        Assert.Equal("ann/2026-11-20.jsonl: CheckpointRolledBack", _home.Findings());
    }

    [Theory]
    [InlineData("erased")]
    [InlineData("removed")]
    [InlineData("rotated")]
    public async Task HonestChangeMeanwhile_IsNoFinding(string change)
    {
        await _home.RecordAsync("ann", 3);
        var keys = _home.Log.VerifierKeys();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
        if (change == "removed")
            await _home.SweepAsync(time);

        var meanwhile = new Meanwhile(() => change switch
        {
            "erased" => EraseAsync(),
            "removed" => _home.SweepAsync(time, new RetentionSettings { Days = 1 }),
            _ => RotateAsync(),
        });
        var verdict = new TrailVerifier(_home.Home).Verify(new VerifyOptions { Keys = keys, Witnesses = meanwhile }, TestContext.Current.CancellationToken);
        Assert.True(meanwhile.IsDone);
        Assert.True(verdict.IsIntact, string.Join("; ", verdict.Parts.SelectMany(part => part.Findings)));
        Assert.Equal(change == "rotated" ? 4 : change == "erased" ? 3 : 0, verdict.Parts[0].Lines);
    }

    [Fact]
    public async Task DamagedEntryOfTheSealLog_IsAFinding()
    {
        await _home.RecordAsync("ann", 3);
        var bundle = Path.Combine(_home.Log.Folder, "tile", "entries", "000.p", "1");
        var bytes = await File.ReadAllBytesAsync(bundle, TestContext.Current.CancellationToken);
        bytes[^3] = (byte)'*';
        await File.WriteAllBytesAsync(bundle, bytes, TestContext.Current.CancellationToken);
        Assert.Contains(_home.Verify().Log.Findings, found => found.Message.StartsWith("entry 0 of the seal log cannot be read: ", StringComparison.Ordinal));
    }

    private async Task EraseAsync()
    {
        await using var recorder = _home.Recorder();
        await recorder.Eraser!.EraseAsync(new ErasureRequest { User = "ann", Reason = "request 17" }, TestContext.Current.CancellationToken);
    }

    private async Task RotateAsync()
    {
        _home.Log.Rotate(SealedHome.Time);
        await _home.RecordAsync("ann", 1);
    }

    // As a recorder leaves them that is killed.
    private void AppendUnsealed(bool signed)
    {
        new DayFiles(_home.Home).Append("ann", _home.Part().File.Day, 1, DayFiles.Line(SealedHome.Time), DayFiles.Line(SealedHome.Time));
        if (!signed)
            return;
        var tree = new MerkleTree();
        foreach (var line in File.ReadAllLines(_home.PathOf()))
            tree.Add(MerkleHash.Leaf(Encoding.UTF8.GetBytes(line)));
        using var key = SigningKey.Parse(File.ReadAllText(_home.KeyPath).TrimEnd('\n'));
        var checkpoint = new Checkpoint(PartOrigin.Of(_home.Home.Installation, _home.Part()), tree.Size, tree.Root());
        File.WriteAllBytes(_home.PathOf("checkpoint"), SignedNote.Sign(checkpoint.ToString(), key).ToBytes());
    }

    private void Written(string file, DateTimeOffset time) => File.SetLastWriteTimeUtc(Path.Combine(_home.Home.Path, file), time.UtcDateTime);

    // No witnesses; they are asked for once the log's head was read, and that is when something happens, once.
    private sealed class Meanwhile(Func<Task> happens) : IReadOnlyList<WitnessKey>
    {
        public bool IsDone { get; private set; }

        public int Count
        {
            get
            {
                if (!IsDone)
                    Task.Run(happens).GetAwaiter().GetResult();
                IsDone = true;
                return 0;
            }
        }

        public WitnessKey this[int index] => throw new NotSupportedException();

        public IEnumerator<WitnessKey> GetEnumerator() => Enumerable.Empty<WitnessKey>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
