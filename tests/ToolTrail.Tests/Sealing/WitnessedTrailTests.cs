using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;
using ToolTrail.Tests.Recording;
using ToolTrail.Verification;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Sealing;

/// <summary>A trail whose heads are cosigned by somebody else.</summary>
public sealed class WitnessedTrailTests : IDisposable
{
    private readonly SealedHome _home = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task EachNewHead_IsCosignedAndProofsCarryIt()
    {
        await _home.RecordAsync("ann", 3);
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        await SweepAsync(witness);
        await _home.RecordAsync("ann", 3);
        await SweepAsync(witness);
        await SweepAsync(witness);
        Assert.Equal(2, witness.Requests.Count);

        var cosigned = CosignedHead.Read(_home.Home)!;
        Assert.Equal(_home.Log.ReadHead()!.Note.Text, cosigned.Text);
        Assert.NotNull(witness.Key.CosignedAt(cosigned));
        var verdict = new TrailVerifier(_home.Home).Verify(new VerifyOptions { Keys = _home.Log.VerifierKeys(), Witnesses = [witness.Key] }, TestContext.Current.CancellationToken);
        Assert.True(verdict.IsIntact);
        Assert.Contains("cosigned by witness.example/w1 on", Assert.Single(verdict.Log.Remarks), StringComparison.Ordinal);

        var line = File.ReadAllLines(_home.PathOf())[2];
        await _home.RecordAsync("ann", 1);
        var proof = new TrailProver(_home.Home, _home.Log).Prove("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), 2).ToString();
        // The newest seal of the part is not cosigned yet.
        Assert.Null(witness.Key.CosignedAt(ProvenLine.Check(proof, System.Text.Encoding.UTF8.GetBytes(line), _home.Log.VerifierKeys()).Head.Note));
        await SweepAsync(witness);
        proof = new TrailProver(_home.Home, _home.Log).Prove("ann", DateOnly.FromDateTime(SealedHome.Time.UtcDateTime), 2).ToString();
        Assert.NotNull(witness.Key.CosignedAt(ProvenLine.Check(proof, System.Text.Encoding.UTF8.GetBytes(line), _home.Log.VerifierKeys()).Head.Note));
    }

    [Fact]
    public async Task OldBackupPutBackBesideTheCosignedHead_IsFound()
    {
        await _home.RecordAsync("ann", 3);
        using var backup = new TempFolder();
        _home.Copy(_home.Home.Path, backup.Path);
        await _home.RecordAsync("ann", 3);
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        await SweepAsync(witness);
        foreach (var folder in new[] { Path.Combine(".tooltrail", "seals"), Path.Combine(".tooltrail", "trees"), "ann" })
        {
            Directory.Delete(Path.Combine(_home.Home.Path, folder), recursive: true);
            _home.Copy(Path.Combine(backup.Path, folder), Path.Combine(_home.Home.Path, folder));
        }

        var found = Assert.Single(_home.Verify().Log.Findings);
        Assert.Equal(FindingKind.LogRolledBack, found.Kind);
        Assert.Contains("whose cosignatures nobody checked", found.Message, StringComparison.Ordinal);
        found = Assert.Single(VerifyBy(witness).Log.Findings);
        Assert.Equal(FindingKind.LogRolledBack, found.Kind);
        Assert.Contains("the head that witnesses cosigned", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadThatNobodyCosigned_IsNotSaidToBe()
    {
        await _home.RecordAsync("ann", 3);
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        Assert.Equal(["no witness has cosigned a head yet"], VerifyBy(witness).Log.Remarks);

        var head = _home.Log.ReadHead()!.Note;
        await using var stranger = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        foreach (var note in new[] { head, head.With(stranger.Cosign(head.Text)) })
        {
            await File.WriteAllBytesAsync(CosignedHead.PathIn(_home.Home), note.ToBytes(), TestContext.Current.CancellationToken);
            Assert.Contains("counts for nothing", Assert.Single(VerifyBy(witness).Log.Remarks), StringComparison.Ordinal);
            Assert.Contains("whose cosignatures nobody checked", Assert.Single(_home.Verify().Log.Remarks), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task OrderlyEndOfWhoSweeps_IsCosigned()
    {
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        var asked = new TaskCompletionSource();
        witness.Instead = _ =>
        {
            asked.TrySetResult();
            return null;
        };
        var settings = new TrailSettings { Integrity = new IntegritySettings { Witnesses = [new WitnessSettings { Url = witness.Url, Key = witness.Key }] } };
        await using (var recorder = ToolCallRecorder.Open(_home.Home, TrailConfiguration.Fixed(settings), _time))
        {
            await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromMinutes(1));
            await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, _home.Verify().Parts.Sum(part => part.SealedLines));
        Assert.Equal(_home.Log.ReadHead()!.Note.Text, CosignedHead.Read(_home.Home)!.Text);
        var requests = witness.Requests.Count;

        // A process that did not sweep leaves that to others.
        await using (var recorder = ToolCallRecorder.Open(_home.Home, TrailConfiguration.Fixed(settings), _time))
            await recorder.RecordAsync(RecordingHome.Call(), DeliveryMode.Durable, TestContext.Current.CancellationToken);
        Assert.Equal(requests, witness.Requests.Count);
    }

    [Fact]
    public async Task WitnessThatDoesNotAnswerAtTheEnd_HoldsNobodyUp()
    {
        await _home.RecordAsync("ann", 1);
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        await SweepAsync(witness);
        await _home.RecordAsync("ann", 1);
        var (asked, never) = (0, new TaskCompletionSource());
        witness.Instead = _ =>
        {
            if (Interlocked.Increment(ref asked) == 1)
                return TestWitnessAnswer.Of(500, "not now");
            _time.Advance(TimeSpan.FromSeconds(6));
            return TestWitnessAnswer.Of(200, "") with { BeforeTheEnd = never.Task };
        };
        await SweepAsync(witness).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(2, asked);
        never.SetResult();
    }

    private TrailVerdict VerifyBy(TestWitness witness) =>
        new TrailVerifier(_home.Home).Verify(new VerifyOptions { Keys = _home.Log.VerifierKeys(), Witnesses = [witness.Key] }, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<string>> SweepAsync(TestWitness witness) => _home.SweepAsync(_time, witnesses: [new WitnessSettings { Url = witness.Url, Key = witness.Key }]);
}
