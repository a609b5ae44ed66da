using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Tests.Recording;
using ToolTrail.Tests.Sealing;

namespace ToolTrail.Tests.Retention;

public sealed class RetentionTests : IDisposable
{
    private static readonly RetentionSettings Compress = new() { CompressAfterDays = 3 };

    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClosedDay_IsCompressedAndReadAsBefore()
    {
        await _home.RecordAsync("ann", 5000);
        var before = await ReadAsync();
        var plain = await File.ReadAllBytesAsync(_home.PathOf(), Cancel);
        await _home.SweepAsync(_time, Compress);
        Assert.False(File.Exists(_home.PathOf()));
        Assert.InRange(new FileInfo(_home.PathOf("jsonl.zst")).Length, 1, plain.Length / 3);

        Assert.Equal(before, await ReadAsync());
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Equal(5000, _home.Verify(_home.Part()).Lines);
        using var stream = new ZstdSharp.DecompressionStream(File.OpenRead(_home.PathOf("jsonl.zst")));
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, Cancel);
        Assert.Equal(plain, whole.ToArray());
    }

    [Fact]
    public async Task CompressedDay_IsNotAppendedTo()
    {
        await _home.RecordAsync("ann", 3);
        await _home.SweepAsync(_time, Compress);
        await _home.RecordAsync("ann", 1);
        Assert.False(File.Exists(_home.PathOf()));
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Equal(4, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task CompressedDay_ChangedByOneByte_IsFound()
    {
        await _home.RecordAsync("ann", 300);
        await _home.SweepAsync(_time, Compress);
        var path = _home.PathOf("jsonl.zst");
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancel);
        Assert.NotEqual("", _home.Findings());
    }

    [Fact]
    public async Task AllThatIsDerivedGone_ClosedAndCompressedDaysAreKnownAgain()
    {
        await _home.RecordAsync("ann", 3);
        await _home.SweepAsync(_time, Compress);
        Directory.Delete(Path.Combine(_home.Home.SystemPath, "trees"), recursive: true);
        Assert.Empty(await _home.SweepAsync(_time, Compress));
        Assert.True(TreeState.Read(new PartFiles(_home.Home, _home.Part()).Tree)!.IsClosed);
        await _home.SweepAsync(_time, new RetentionSettings { Days = 1 });
        Assert.False(File.Exists(_home.PathOf("jsonl.zst")));
    }

    [Fact]
    public async Task DayWhoseTimeIsOver_IsRemovedAndVerifySaysSo()
    {
        await _home.RecordAsync("ann", 3);
        await _home.RecordAsync("bob", 3);
        await _home.RecordAsync("eve", 3);
        var settings = new RetentionSettings { Rules = [new RetentionRule { User = "bob" }, new RetentionRule { User = "*", Days = 3 }], Holds = ["e*"] };
        Assert.Empty(await _home.SweepAsync(_time, settings));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(_home.PathOf())!));
        Assert.True(File.Exists(_home.PathOf(user: "bob")));
        Assert.True(File.Exists(_home.PathOf(user: "eve")));

        var verdict = _home.Verify();
        Assert.True(verdict.IsIntact, _home.Findings());
        Assert.Matches("^removed by retention on 20.*: retention of 3 days$", Assert.Single(verdict.Parts[0].Remarks));
        Assert.Empty(await _home.SweepAsync(_time, settings));

        // A late record gets a part of its own.
        await _home.RecordAsync("ann", 1);
        Assert.True(File.Exists(_home.PathOf(part: 2)));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task PartThatOthersAreAt_HoldsUpNoOther()
    {
        await _home.RecordAsync("ann", 3);
        await _home.RecordAsync("bob", 3);
        await _home.SweepAsync(_time);
        var settings = new RetentionSettings { Days = 3 };
        using (var trees = new TreeLocks(_home.Home))
        {
            Assert.True(trees.TryEnter("ann"));
            await _home.SweepAsync(_time, settings);
        }

        Assert.Equal((true, false), (File.Exists(_home.PathOf()), File.Exists(_home.PathOf(user: "bob"))));
        await _home.SweepAsync(_time, settings);
        Assert.False(File.Exists(_home.PathOf()));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Theory]
    [InlineData("leaves")]
    [InlineData("leaves checkpoint")]
    [InlineData("leaves checkpoint jsonl")]
    public async Task RemovalThatBrokeOff_IsBroughtToItsEnd(string removed)
    {
        await _home.RecordAsync("ann", 3);
        await _home.SweepAsync(_time);
        var log = _home.Log;
        log.Append(new SealEvent { Kind = SealEventKind.Removed, Time = _time.GetUtcNow(), Origin = PartOrigin.Of(_home.Home.Installation, _home.Part()), Reason = "retention of 3 days" }.ToText(_home.Home.Installation));
        foreach (var extension in removed.Split(' '))
            File.Delete(_home.PathOf(extension));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        await _home.SweepAsync(_time, new RetentionSettings { Days = 3 });
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(_home.PathOf())!));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task CompressionThatBrokeOff_IsBroughtToItsEnd()
    {
        await _home.RecordAsync("ann", 300);
        await _home.SweepAsync(_time);
        var before = await ReadAsync();
        await File.WriteAllBytesAsync(_home.PathOf("jsonl.zst.new"), new byte[100], Cancel);
        await File.WriteAllBytesAsync(_home.PathOf("jsonl.zst"), new byte[100], Cancel);
        Assert.True(_home.Verify().IsIntact, _home.Findings());
        Assert.Equal(before, await ReadAsync());
        await _home.SweepAsync(_time, Compress);
        Assert.Equal(["2026-11-20.checkpoint", "2026-11-20.jsonl.zst", "2026-11-20.leaves"], Directory.EnumerateFiles(Path.GetDirectoryName(_home.PathOf())!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(_home.Verify().IsIntact, _home.Findings());
    }

    [Fact]
    public async Task OpenDay_IsLeftAlone()
    {
        await using var recorder = _home.Recorder();
        await recorder.RecordAsync(RecordingHome.Call(time: TimeProvider.System.GetUtcNow()), DeliveryMode.Durable, Cancel);
        await _home.SweepAsync(new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(2)), new RetentionSettings { Days = 1, CompressAfterDays = 3 });
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(_home.PathOf())!, "*.jsonl"));
    }

    private async Task<List<string>> ReadAsync()
    {
        var records = new List<string>();
        await foreach (var record in new TrailReader(_home.Home).ReadDayAsync("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), cancellationToken: Cancel))
            records.Add($"{record.Position} {System.Text.Encoding.UTF8.GetString(record.Line.Span)}");
        var page = await new TrailReader(_home.Home).ReadRecentAsync("ann", days: 36500, limit: 100, cancellationToken: Cancel);
        records.AddRange(page.Records.Select(record => $"{record.Position}").Take(records.Count > 100 ? 100 : 0));
        return records;
    }
}
