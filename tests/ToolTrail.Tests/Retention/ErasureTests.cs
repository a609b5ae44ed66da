using System.Text;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;
using ToolTrail.Tests.Sealing;
using ToolTrail.Verification;

namespace ToolTrail.Tests.Retention;

public sealed class ErasureTests : IDisposable
{
    private const string Secret = "the-patient-is-called-Rosalind";

    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ErasureRequest OfOne { get; } = new() { User = "ann", Id = "secret-call", Reason = "request 17" };

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ErasedText_IsInNoByteOfTheHomeAndVerifySaysWhatWasErased(bool closed, bool compressed)
    {
        await RecordSecretAsync();
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(_home.Home.SystemPath, "torn")).FullName, "ann~2026-11-20.jsonl~17~x"), Secret, Cancel);
        if (closed)
            await _home.SweepAsync(_time, new RetentionSettings { CompressAfterDays = compressed ? 3 : null });
        // What a compression that was killed left.
        foreach (var left in new[] { "jsonl.new", "jsonl.zst.new" })
            await File.WriteAllTextAsync(_home.PathOf(left), Secret, Cancel);
        Assert.NotEmpty(FilesWithTheSecret());

        var report = await EraseAsync(OfOne);
        Assert.Equal((1L, 0L), (report.Lines, report.TooShort));
        Assert.Empty(FilesWithTheSecret());
        var verdict = _home.Verify(_home.Part());
        Assert.Empty(verdict.Findings);
        Assert.Equal((11, 11), (verdict.Lines, verdict.SealedLines));
        Assert.Matches("^line 5 erased on 20.*: request 17$", Assert.Single(verdict.Remarks));

        var (skipped, records) = (0, new List<StoredRecord>());
        await foreach (var record in new TrailReader(_home.Home).ReadDayAsync("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), skipped: _ => skipped++, cancellationToken: Cancel))
            records.Add(record);
        Assert.Equal((10, 0), (records.Count, skipped));

        // The lines that stay can still be proved.
        var proof = new TrailProver(_home.Home, _home.Log).Prove("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), 6).ToString();
        Assert.Equal(6, ProvenLine.Check(proof, records[5].Line.Span, _home.Log.VerifierKeys()).Line);
    }

    [Fact]
    public async Task ErasureWhileOthersRecord_LosesNothing()
    {
        await RecordSecretAsync();
        await using var recorder = _home.Recorder();
        await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        Assert.Equal(1, (await EraseAsync(OfOne)).Lines);
        await recorder.RecordAsync(RecordingHome.Call(time: SealedHome.Time), DeliveryMode.Durable, Cancel);
        Assert.Equal(12, File.ReadAllLines(_home.PathOf()).Length);
        Assert.Single(File.ReadAllLines(_home.PathOf(part: 2)));
        Assert.Empty(recorder.Health.Alarms);
    }

    [Fact]
    public async Task TodaysPart_WithAWriterThatWritesThroughout_IsErasedAndLosesNothing()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var erased = new CancellationTokenSource();
        int acknowledged;
        await using (var writer = _home.Recorder())
        {
            await writer.RecordAsync(RecordingHome.Call(id: "secret-call", time: now) with { Arguments = Encoding.UTF8.GetBytes($"{{\"note\":\"{Secret}\"}}") }, DeliveryMode.Durable, Cancel);
            // So many that reading them takes a while.
            for (var i = 0; i < 40_000; i++)
                await writer.RecordAsync(RecordingHome.Call(time: now), cancellationToken: Cancel);
            await writer.FlushAsync(Cancel);
            var writing = Task.Run(async () =>
            {
                var count = 0;
                for (; !erased.IsCancellationRequested; count++)
                    await writer.RecordAsync(RecordingHome.Call(tool: "throughout", time: now), DeliveryMode.Durable, CancellationToken.None);
                return count;
            });
            try
            {
                Assert.Equal(1, (await EraseAsync(OfOne)).Lines);
            }
            finally
            {
                await erased.CancelAsync();
            }

            acknowledged = await writing;
            Assert.Empty(writer.Health.Alarms);
        }

        Assert.Empty(FilesWithTheSecret());
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Equal(2, _home.Verify().Parts.Count);
        var files = Directory.EnumerateFiles(_home.Home.AuditPath(_home.Home.UserFolder("ann")), "*.jsonl");
        Assert.Equal(acknowledged, files.SelectMany(File.ReadLines).Count(line => line.Contains("throughout", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CompressedPartOfSeveralFrames_IsErasedWhole()
    {
        await _home.RecordAsync("ann", 6000);
        await _home.SweepAsync(_time, new RetentionSettings { CompressAfterDays = 3 });
        Assert.Equal(6000, (await EraseAsync(new ErasureRequest { User = "ann", Reason = "request 20" })).Lines);
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Equal(0, (await EraseAsync(new ErasureRequest { User = "ann", Reason = "request 20" })).Lines);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    public async Task VeryLongLine_IsErasedLikeAnyOther(int megabytes)
    {
        var day = DateOnly.FromDateTime(SealedHome.Time.UtcDateTime);
        new DayFiles(_home.Home).Append("ann", day, 1, DayFiles.Line(SealedHome.Time), Secret + new string('x', megabytes * 1024 * 1024), DayFiles.Line(SealedHome.Time));
        var request = new ErasureRequest { User = "ann", Reason = "request 21" };
        Assert.Equal((3L, 0L), await EraseAsync(request) is var report ? (report.Lines, report.TooShort) : default);
        Assert.Empty(FilesWithTheSecret());
        Assert.Equal("ann/2026-11-20.jsonl: Adopted", _home.Findings());
        Assert.Equal(0, (await EraseAsync(request)).Lines);
    }

    [Fact]
    public async Task ReasonThatIsTooLong_IsRefusedBeforeAnythingIsBegun()
    {
        await RecordSecretAsync();
        var e = await Assert.ThrowsAsync<ArgumentException>(() => EraseAsync(OfOne with { Reason = new string('x', ErasureRequest.MaxReasonChars + 1) }));
        Assert.Contains("1001 characters", e.Message, StringComparison.Ordinal);
        Assert.Empty(ErasureIntent.ReadAll(_home.Home));
        Assert.Equal(1, (await EraseAsync(OfOne with { Reason = new string('\u0001', ErasureRequest.MaxReasonChars) })).Lines);
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task Range_IsErasedWhole()
    {
        await RecordSecretAsync();
        await _home.RecordAsync("ann", 3, SealedHome.Time + TimeSpan.FromDays(1));
        await _home.RecordAsync("bob", 3);
        var day = DateOnly.FromDateTime(SealedHome.Time.UtcDateTime);
        var report = await EraseAsync(new ErasureRequest { User = "ann", From = day, To = day, Reason = "request 18" });
        Assert.Equal((11, "ann/2026-11-20.jsonl"), (report.Lines, string.Join(", ", report.Parts)));
        var verdict = _home.Verify();
        Assert.True(verdict.IsIntact, _home.Findings());
        Assert.Matches("^lines 0 to 10 erased on", Assert.Single(verdict.Parts[0].Remarks));
        Assert.Equal([0, 1, 1], verdict.Parts.Select(part => part.Findings.Count + (part.Remarks.Count == 0 ? 1 : 0)));
        Assert.Equal(0, (await EraseAsync(OfOne)).Lines);
    }

    [Fact]
    public async Task StubWithoutAnEvent_IsAnAlarm()
    {
        await RecordSecretAsync();
        _home.Change(lines =>
        {
            var hash = ToolTrail.Integrity.MerkleHash.Leaf(Encoding.UTF8.GetBytes(lines[5]));
            lines[5] = $"{{\"erased\":\"{hash}\"}}".PadRight(lines[5].Length);
            return lines;
        });
        Assert.Equal("ann/2026-11-20.jsonl: ErasedWithoutEvent 5-5", _home.Findings());
    }

    [Fact]
    public async Task ErasedLineThatWasPutBack_IsFound()
    {
        await RecordSecretAsync();
        var before = await File.ReadAllBytesAsync(_home.PathOf(), Cancel);
        await EraseAsync(OfOne);
        await File.WriteAllBytesAsync(_home.PathOf(), before, Cancel);
        Assert.Equal("ann/2026-11-20.jsonl: NotErased 5-5", _home.Findings());
        Assert.Equal(1, (await EraseAsync(OfOne)).Lines);
        Assert.Equal("", _home.Findings());
    }

    [Fact]
    public async Task LegalHold_IsNotErasedFrom()
    {
        await RecordSecretAsync();
        await using var recorder = ToolCallRecorder.Open(_home.Home, TrailConfiguration.Fixed(new TrailSettings { Retention = new() { Holds = ["a*"] } }));
        var e = await Assert.ThrowsAsync<ErasureException>(() => recorder.Eraser!.EraseAsync(OfOne, Cancel));
        Assert.Contains("legal hold", e.Message, StringComparison.Ordinal);
        Assert.NotEmpty(FilesWithTheSecret());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ErasureThatBrokeOff_IsBroughtToItsEnd(bool afterTheEvent)
    {
        await RecordSecretAsync();
        await _home.SweepAsync(_time);
        var intent = ErasureIntent.Write(_home.Home, _home.Part(), [new LineRange(5, 5)], "request 17", []);
        if (afterTheEvent)
        {
            var index = _home.Log.Append(new SealEvent { Kind = SealEventKind.Erased, Time = _time.GetUtcNow(), Origin = PartOrigin.Of(_home.Home.Installation, _home.Part()), Lines = [new LineRange(5, 5)], Reason = "request 17" }.ToText(_home.Home.Installation));
            intent.Told(index);
            Assert.True(_home.Verify().IsIntact, _home.Findings());
            Assert.Contains("line 5 stands there still", Assert.Single(_home.Verify(_home.Part()).Remarks), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(_home.PathOf("jsonl.new"), Secret, Cancel);
        await _home.SweepAsync(_time);
        Assert.Empty(FilesWithTheSecret());
        Assert.Empty(ErasureIntent.ReadAll(_home.Home));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Matches("^line 5 erased on 20.*: request 17$", Assert.Single(_home.Verify(_home.Part()).Remarks));
    }

    [Fact]
    public async Task LineTooShortForItsHash_IsLeftAndSaidSo()
    {
        await RecordSecretAsync();
        new DayFiles(_home.Home).Append("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), 1, "{}");
        var report = await EraseAsync(new ErasureRequest { User = "ann", Reason = "request 19" });
        Assert.Equal((11L, 1L), (report.Lines, report.TooShort));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    private async Task RecordSecretAsync()
    {
        await _home.RecordAsync("ann", 5);
        await using (var recorder = _home.Recorder())
        {
            await recorder.RecordAsync(
                RecordingHome.Call(id: "secret-call", time: SealedHome.Time) with { Arguments = Encoding.UTF8.GetBytes($"{{\"note\":\"{Secret}\"}}") }, DeliveryMode.Durable, Cancel);
        }

        await _home.RecordAsync("ann", 5);
    }

    private async Task<ErasureReport> EraseAsync(ErasureRequest request)
    {
        await using var recorder = _home.Recorder();
        return await recorder.Eraser!.EraseAsync(request, Cancel);
    }

    private IEnumerable<string> FilesWithTheSecret() =>
        Directory.EnumerateFiles(_home.Home.Path, "*", SearchOption.AllDirectories).Where(path => File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0);
}
