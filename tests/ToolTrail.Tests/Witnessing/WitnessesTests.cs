using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Testing;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Witnessing;

public sealed class WitnessesTests : IAsyncDisposable
{
    private readonly SealLog _log = new();
    private readonly HttpClient _http = WitnessClient.NewHttp();
    private readonly RecordingLogger _logger = new();
    private readonly TestWitness _first;
    private readonly TestWitness _second;

    public WitnessesTests()
    {
        _first = new TestWitness("witness.example/w1", _log.Key);
        _second = new TestWitness("witness.example/w2", _log.Key);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Cosign_TwoWitnesses_HeadIsKeptWithBothCosignatures()
    {
        var witnesses = Witnesses();
        Assert.Null(CosignedHead.Read(_log.Home));
        foreach (var count in new[] { 3, 1, 300 })
        {
            var head = _log.Append(count);
            var cosigned = await witnesses.CosignAsync(head, Cancellation);
            Assert.Equal([_first.Key, _second.Key], CosignersOf(cosigned));

            var kept = CosignedHead.Read(_log.Home)!;
            Assert.Equal(head.Text, kept.Text);
            Assert.True(_log.Key.Signed(kept));
            Assert.Equal(Cosignature.Of(cosigned, Keys), Cosignature.Of(kept, Keys));
            Assert.Equal(3, kept.Signatures.Count);
        }

        Assert.Empty(_logger.Lines);
        Assert.Equal(_log.Size, Checkpoint.Parse(_log.Log.ReadHead()!.Text).Size);
        Assert.Single(_log.Log.ReadHead()!.Signatures);
    }

    [Fact]
    public async Task Cosign_NoWitness_LeavesTheHeadAsItIs()
    {
        var head = _log.Append(1);
        var cosigned = await new Witnesses(new WitnessFiles(_log.Home, _log.Key.Signed, _logger), _log.Log, () => [], new WitnessClient(_http, TimeProvider.System), _logger).CosignAsync(head, Cancellation);
        Assert.Equal(head.ToString(), cosigned.ToString());
        Assert.Null(CosignedHead.Read(_log.Home));
        Assert.False(Directory.Exists(_log.At(".tooltrail", "witnesses")));
    }

    [Fact]
    public async Task Cosign_OneOfTwoDead_OtherCosignsAndEachCauseIsToldOnce()
    {
        _second.Instead = _ => TestWitnessAnswer.OfRaw([]);
        var witnesses = Witnesses();
        foreach (var _ in Enumerable.Range(0, 3))
            Assert.Equal([_first.Key], CosignersOf(await witnesses.CosignAsync(_log.Append(2), Cancellation)));
        Assert.Equal([_first.Key], CosignersOf(CosignedHead.Read(_log.Home)!));
        var warning = Assert.Single(_logger.Lines);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("'witness.example/w2'", warning.Text, StringComparison.Ordinal);

        _second.Instead = _ => TestWitnessAnswer.Of(503, "in an hour");
        await witnesses.CosignAsync(_log.Append(2), Cancellation);
        Assert.Contains("refuses with status 503: 'in an hour'", _logger.Lines.Last().Text, StringComparison.Ordinal);

        _second.Instead = null;
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await witnesses.CosignAsync(_log.Append(2), Cancellation)));
        Assert.Equal([_first.Key, _second.Key], CosignersOf(CosignedHead.Read(_log.Home)!));
        Assert.Equal("The witness 'witness.example/w2' cosigns again.", _logger.Lines.Last().Text);
        Assert.Equal(3, _logger.Lines.Count);
    }

    [Fact]
    public async Task Cosign_SameHeadAgain_AsksThoseWhoHaveNotCosignedIt()
    {
        _second.Instead = _ => TestWitnessAnswer.Of(503, "");
        var (head, witnesses) = (_log.Append(2), Witnesses());
        await witnesses.CosignAsync(head, Cancellation);
        _second.Instead = null;
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await witnesses.CosignAsync(head, Cancellation)));
        Assert.Equal([_first.Key, _second.Key], CosignersOf(CosignedHead.Read(_log.Home)!));
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await witnesses.CosignAsync(head, Cancellation)));
        Assert.Equal((1, 2), (_first.Requests.Count, _second.Requests.Count));
        Assert.Equal(3, CosignedHead.Read(_log.Home)!.Signatures.Count);
    }

    [Fact]
    public async Task Cosign_AfterARestart_GoesOnFromWhatEachHasCosigned()
    {
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        _second.Instead = _ => TestWitnessAnswer.Of(503, "");
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        _second.Instead = null;
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        Assert.Equal(["old 0", "old 3", "old 6"], _first.Requests.Select(request => request.Split('\n')[0]));
        Assert.Equal(["old 0", "old 3", "old 3"], _second.Requests.Select(request => request.Split('\n')[0]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no note")]
    [InlineData("no checkpoint\n\n\u2014 name AAAAAAA=\n")]
    public async Task Cosign_FilesGoneOrDamaged_AreMadeAgain(string? content)
    {
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        string[] files = [_log.At(".tooltrail", "cosigned"), .. Directory.GetFiles(_log.At(".tooltrail", "witnesses"))];
        Assert.Equal(3, files.Length);
        foreach (var file in files)
        {
            File.Delete(file);
            if (content is not null)
                File.WriteAllText(file, content);
        }

        var head = _log.Append(3);
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await Witnesses().CosignAsync(head, Cancellation)));
        Assert.Equal([_first.Key, _second.Key], CosignersOf(CosignedHead.Read(_log.Home)!));
        Assert.All(_logger.Lines, line => Assert.Equal(LogLevel.Warning, line.Level));
        Assert.All(files, file => Assert.Equal(content is not null, _logger.Lines.Any(line => line.Text.StartsWith($"'{file}' holds no cosigned head", StringComparison.Ordinal))));

        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        Assert.StartsWith("old 6\n", _first.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_FileOfAnotherWitnessOrLog_IsNotTakenForIts()
    {
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        File.Copy(_log.At(".tooltrail", "witnesses", $"{_first.Key.Id:x8}"), _log.At(".tooltrail", "witnesses", $"{_second.Key.Id:x8}"), overwrite: true);
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await Witnesses().CosignAsync(_log.Append(3), Cancellation)));
        Assert.StartsWith("old 0\n", _second.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_LogThatWasRolledBack_IsAFindingAndWhatWasCosignedStays()
    {
        var folder = _log.At(".tooltrail", "seals");
        var old = _log.Append(3);
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        var cosigned = CosignedHead.Read(_log.Home)!.ToString();
        File.WriteAllBytes(Path.Combine(folder, "checkpoint"), old.ToBytes());

        Assert.Empty(CosignersOf(await Witnesses().CosignAsync(old, Cancellation)));
        Assert.Equal(cosigned, CosignedHead.Read(_log.Home)!.ToString());
        Assert.Equal(2, _logger.Lines.Count(line => line.Level == LogLevel.Critical && line.Text.Contains("has cosigned 6 entries", StringComparison.Ordinal)));

        // It grows again, and not as it did before.
        Assert.Empty(CosignersOf(await Witnesses().CosignAsync(_log.Append(4, "other"), Cancellation)));
        Assert.Equal(cosigned, CosignedHead.Read(_log.Home)!.ToString());
        Assert.Equal(2, _logger.Lines.Count(line => line.Level == LogLevel.Critical && line.Text.Contains("do not begin with the 6", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cosign_HeadThatAnotherProcessOvertook_IsNoFinding()
    {
        var old = _log.Append(3);
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        var cosigned = CosignedHead.Read(_log.Home)!.ToString();
        Assert.Empty(CosignersOf(await Witnesses().CosignAsync(old, Cancellation)));
        Assert.Equal(cosigned, CosignedHead.Read(_log.Home)!.ToString());
        Assert.Equal([LogLevel.Debug, LogLevel.Debug], _logger.Lines.Select(line => line.Level));
    }

    [Fact]
    public async Task Cosign_FindingAndAHeadThatCannotBeRead_IsAFinding()
    {
        var old = _log.Append(3);
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        File.WriteAllText(_log.At(".tooltrail", "seals", "checkpoint"), "no note");
        await Witnesses().CosignAsync(old, Cancellation);
        Assert.All(_logger.Lines, line => Assert.Equal(LogLevel.Critical, line.Level));
        Assert.Equal(2, _logger.Lines.Count);
    }

    [Fact]
    public async Task Cosign_TilesMissing_IsToldAndNotThrown()
    {
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        var head = _log.Append(3);
        Directory.Delete(_log.At(".tooltrail", "seals", "tile"), recursive: true);
        Assert.Empty(CosignersOf(await Witnesses().CosignAsync(head, Cancellation)));
        Assert.All(_logger.Lines, line => Assert.Contains("tile/0/000 is missing", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cosign_NothingCanBeKept_IsToldAndNotThrown()
    {
        File.WriteAllText(_log.At(".tooltrail", "witnesses"), "");
        await Witnesses().CosignAsync(_log.Append(3), Cancellation);
        Assert.Equal([LogLevel.Warning, LogLevel.Warning], _logger.Lines.Select(line => line.Level));
        Assert.Null(CosignedHead.Read(_log.Home));
    }

    [Fact]
    public async Task Cosign_Cancelled_IsCancelledAndWhatCameIsKept()
    {
        using var cancelling = new CancellationTokenSource();
        var head = _log.Append(3);
        _second.Instead = _ => TestWitnessAnswer.Of(200, "") with { BeforeTheEnd = cancelling.CancelAsync().ContinueWith(_ => Task.Delay(Timeout.Infinite), TaskScheduler.Default).Unwrap() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Witnesses().CosignAsync(head, cancelling.Token));
        _second.Instead = null;
        Assert.Equal([_first.Key, _second.Key], CosignersOf(await Witnesses().CosignAsync(head, Cancellation)));
    }

    [Fact]
    public async Task Cosign_SeveralProcessesAtOnce_NewestHeadStays()
    {
        var heads = Enumerable.Range(0, 8).Select(_ => _log.Append(3)).ToList();
        await Task.WhenAll(heads.Select(head => Task.Run(() => Witnesses().CosignAsync(head, Cancellation), Cancellation)));
        await Witnesses().CosignAsync(heads[^1], Cancellation);
        Assert.Equal(heads[^1].Text, CosignedHead.Read(_log.Home)!.Text);
        Assert.Equal([_first.Key, _second.Key], CosignersOf(CosignedHead.Read(_log.Home)!));
        Assert.DoesNotContain(_logger.Lines, line => line.Level == LogLevel.Critical);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WitnessKey[] Keys => [_first.Key, _second.Key];

    private IEnumerable<WitnessKey> CosignersOf(SignedNote head) => Cosignature.Of(head, Keys).Select(cosignature => cosignature.Witness);

    // As another process has them.
    private Witnesses Witnesses() => new(
        new WitnessFiles(_log.Home, _log.Key.Signed, _logger),
        _log.Log,
        () => [new WitnessSettings { Url = _first.Url, Key = _first.Key }, new WitnessSettings { Url = _second.Url, Key = _second.Key }],
        new WitnessClient(_http, TimeProvider.System),
        _logger);
}
