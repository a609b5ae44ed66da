using ToolTrail.Integrity;
using ToolTrail.Testing;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Witnessing;

public sealed class WitnessFilesTests : IDisposable
{
    private readonly SealLog _log = new();
    private readonly CosigningKey _first = new("witness.example/w1");
    private readonly CosigningKey _second = new("witness.example/w2");
    private readonly RecordingLogger _logger = new();
    private readonly WitnessFiles _files;

    public WitnessFilesTests() => _files = new WitnessFiles(_log.Home, _log.Key.Signed, _logger);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Keep_SmallerHeadAfterALargerOne_ChangesNothing()
    {
        var (old, head) = (_log.Append(3), _log.Append(3));
        Keep(_first, head, 7);
        Keep(_first, old, 8);
        Keep(_second, old, 9);
        Assert.Equal((head.Text, old.Text, head.Text), (TextOf(_first), TextOf(_second), CosignedHead.Read(_log.Home)!.Text));
        Assert.Equal(head.With(_first.Cosign(head.Text, 7)).ToString(), CosignedHead.Read(_log.Home)!.ToString());
    }

    [Fact]
    public void Keep_SameSizeWithAnotherRoot_StaysAsEvidenceOfBoth()
    {
        using var fork = _log.Fork();
        var (head, other) = (_log.Append(3), fork.Append(3, "fork"));
        Keep(_first, head, 7);
        Keep(_second, other, 8);
        Assert.Equal((head.Text, other.Text), (TextOf(_first), TextOf(_second)));
        Assert.Equal(head.With(_first.Cosign(head.Text, 7)).ToString(), CosignedHead.Read(_log.Home)!.ToString());
    }

    [Fact]
    public void Keep_SameHeadTwice_KeepsTheFirstCosignature()
    {
        var head = _log.Append(3);
        Keep(_first, head, 7);
        Keep(_first, head, 8);
        Assert.Equal(head.With(_first.Cosign(head.Text, 7)).ToString(), CosignedHead.Read(_log.Home)!.ToString());
        Assert.Equal(head.With(_first.Cosign(head.Text, 7)).ToString(), _files.Read(_first.Public, SealLog.Origin)!.ToString());
    }

    [Fact]
    public void Keep_AnotherLogsHead_BeginsAnew()
    {
        using var key = SigningKey.Create("home-2");
        Keep(_first, _log.Append(3), 7);
        var head = SignedNote.Sign(new Checkpoint("home-2", 1, MerkleHash.Leaf([])).ToString(), key);
        Assert.Null(_files.Read(_first.Public, "home-2"));
        Keep(_first, head, 8);
        Assert.Equal(head.Text, CosignedHead.Read(_log.Home)!.Text);
        Assert.Equal(head.Text, _files.Read(_first.Public, "home-2")!.Text);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void Keep_LargerHeadThatWeDidNotSign_IsNoObstacle()
    {
        using var other = SigningKey.Create(SealLog.Origin);
        var forged = SignedNote.Sign(new Checkpoint(SealLog.Origin, 1_000_000, MerkleHash.Leaf([])).ToString(), other);
        File.WriteAllBytes(_log.At(".tooltrail", "cosigned"), forged.ToBytes());
        var head = _log.Append(3);
        Keep(_first, head, 7);
        Assert.Equal(head.Text, CosignedHead.Read(_log.Home)!.Text);
    }

    [Fact]
    public void CosignedHead_DamagedFile_SaysSoToWhoReadsIt()
    {
        File.WriteAllText(_log.At(".tooltrail", "cosigned"), "no note");
        Assert.Throws<IntegrityFormatException>(() => CosignedHead.Read(_log.Home));
    }

    private void Keep(CosigningKey witness, SignedNote head, ulong time) => _files.Keep(witness.Public, head, witness.Cosign(head.Text, time));

    private string? TextOf(CosigningKey witness) => _files.Read(witness.Public, SealLog.Origin)?.Text;
}
