using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Testing;
using ToolTrail.Verification;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Sealing;

/// <summary>What a key is worth once another has taken its place.</summary>
public sealed class RotatedKeyTests : IDisposable
{
    private readonly SealedHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateOnly Day { get; } = DateOnly.FromDateTime(SealedHome.Time.UtcDateTime);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrailForgedWithARetiredKey_IsFoundByWhoeverHasTheCurrentOne(bool rotates)
    {
        var (stolen, keys) = await RotateAsync();
        await _home.ForgeAsync(stolen);
        if (rotates)
            _home.Log.Rotate(SealedHome.Time);
        // In whatever order they are given.
        foreach (var trusted in new IReadOnlyList<VerifierKey>[] { keys, [.. keys.Reverse()] })
            Assert.Contains(_home.Verify(keys: trusted).Log.Findings, found => found.Kind == FindingKind.WrongKey && found.Message.Contains($"never by '{keys[0]}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProofForgedWithARetiredKey_IsRefused()
    {
        var (stolen, keys) = await RotateAsync();
        await _home.ForgeAsync(stolen);
        var proof = new TrailProver(_home.Home, _home.Log).Prove("ann", Day, 1).ToString();
        var line = Encoding.UTF8.GetBytes((await File.ReadAllLinesAsync(_home.PathOf(), Cancel))[1]);
        var e = Assert.Throws<ProofException>(() => ProvenLine.Check(proof, line, keys));
        Assert.Contains("a key that was retired", e.Message, StringComparison.Ordinal);
        Assert.Contains("'tooltrail prove'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProofFromBeforeARotation_CountsWithTheWitnessThatCosignedIt()
    {
        await _home.RecordAsync("ann", 3);
        await using var witness = new TestWitness("witness.example/w1", _home.Log.VerifierKeys());
        await using var other = new TestWitness("witness.example/w2", _home.Log.VerifierKeys());
        var head = _home.Log.ReadHead()!.Note;
        await File.WriteAllBytesAsync(CosignedHead.PathIn(_home.Home), head.With(witness.Cosign(head.Text)).ToBytes(), Cancel);
        var proof = new TrailProver(_home.Home, _home.Log).Prove("ann", Day, 1).ToString();
        var line = Encoding.UTF8.GetBytes((await File.ReadAllLinesAsync(_home.PathOf(), Cancel))[1]);
        _home.Log.Rotate(SealedHome.Time);

        var keys = _home.Log.VerifierKeys();
        Assert.Equal(1, ProvenLine.Check(proof, line, keys, [witness.Key]).Line);
        Assert.Throws<ProofException>(() => ProvenLine.Check(proof, line, keys));
        Assert.Throws<ProofException>(() => ProvenLine.Check(proof, line, keys, [other.Key]));
        Assert.Throws<ProofException>(() => ProvenLine.Check(proof, line, keys, [witness.Key, other.Key]));

        // Proved again, it counts for everybody, though what witnesses cosigned is of the key before.
        proof = new TrailProver(_home.Home, _home.Log).Prove("ann", Day, 1).ToString();
        Assert.Equal(1, ProvenLine.Check(proof, line, keys).Line);
    }

    [Fact]
    public async Task RotationThatBrokeOff_IsReadAsDoneAndEndedByWhoeverWritesNext()
    {
        await _home.RecordAsync("ann", 3);
        var old = await File.ReadAllBytesAsync(_home.KeyPath, Cancel);
        var next = _home.Log.Rotate(SealedHome.Time).ToString();
        File.Move(_home.KeyPath, _home.KeyPath + ".next");
        await File.WriteAllBytesAsync(_home.KeyPath, old, Cancel);

        // Who reads has not the log's lock, and leaves the key to whoever has it.
        Assert.Equal(next, _home.Log.SignerOf(_home.Log.ReadHead()!).ToString());
        Assert.Equal(next, _home.Log.VerifierKeys()[0].ToString());
        var line = Encoding.UTF8.GetBytes((await File.ReadAllLinesAsync(_home.PathOf(), Cancel))[1]);
        Assert.Equal(1, ProvenLine.Check(new TrailProver(_home.Home, _home.Log).Prove("ann", Day, 1).ToString(), line, _home.Log.VerifierKeys()).Line);
        Assert.True(File.Exists(_home.KeyPath + ".next"));

        await _home.RecordAsync("ann", 1);
        Assert.False(File.Exists(_home.KeyPath + ".next"));
        Assert.Equal(next, _home.Log.ReadVerifierKey()!.ToString());
        Assert.Equal("", _home.Findings());
    }

    [Fact]
    public async Task CosignedHeadOfAnotherLog_SpoilsNoProof()
    {
        await _home.RecordAsync("ann", 3);
        await _home.RecordAsync("bob", 3);
        var line = Encoding.UTF8.GetBytes((await File.ReadAllLinesAsync(_home.PathOf(), Cancel))[1]);
        using var own = SigningKey.Parse((await File.ReadAllTextAsync(_home.KeyPath, Cancel)).TrimEnd('\n'));
        using var other = SigningKey.Create(_home.Home.Installation);
        foreach (var key in new[] { own, other })
        {
            var foreign = new Checkpoint(_home.Home.Installation, 2, MerkleHash.Leaf("foreign"u8));
            await File.WriteAllBytesAsync(CosignedHead.PathIn(_home.Home), SignedNote.Sign(foreign.ToString(), key).ToBytes(), Cancel);
            var proof = new TrailProver(_home.Home, _home.Log).Prove("ann", Day, 1).ToString();
            Assert.Equal(1, ProvenLine.Check(proof, line, _home.Log.VerifierKeys()).Line);
        }
    }

    // The key that is retired then, and the keys as their owner gives them away.
    private async Task<(byte[] Stolen, IReadOnlyList<VerifierKey> Keys)> RotateAsync()
    {
        await _home.RecordAsync("ann", 3);
        var stolen = await File.ReadAllBytesAsync(_home.KeyPath, Cancel);
        _home.Log.Rotate(SealedHome.Time);
        await _home.RecordAsync("ann", 3);
        return (stolen, _home.Log.VerifierKeys());
    }
}
