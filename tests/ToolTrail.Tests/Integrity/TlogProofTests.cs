using System.Text;
using CsCheck;
using ToolTrail.Integrity;

namespace ToolTrail.Tests.Integrity;

public sealed class TlogProofTests
{
    private const string Origin = "home-1/alice/2026-11-23";
    private static readonly byte[][] Lines = [.. Enumerable.Range(0, 21).Select(i => Encoding.UTF8.GetBytes($"{{\"n\":{i}}}"))];
    private static readonly SigningKey Key = SigningKey.Create("home-1");

    [Fact]
    public void ProofOfEveryLine_WrittenAndRead_Holds()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            var text = Proof(i).ToString();
            var parsed = TlogProof.Parse(text);
            Assert.Equal(text, parsed.ToString());
            Assert.Equal(new Checkpoint(Origin, Lines.Length, Root), parsed.Verify(Lines[i], Origin, Key.Verifier));
            Assert.Throws<ProofRejectedException>(() => parsed.Verify(Lines[(i + 1) % Lines.Length], Origin, Key.Verifier));
        }
    }

    [Fact]
    public void Proof_IsInTheFormOfTheSpecification()
    {
        // c2sp.org/tlog-proof: header, extra, index, hashes, an empty line, the checkpoint.
        var lines = Proof(2).ToString().Split('\n');
        Assert.Equal(["c2sp.org/tlog-proof@v1", "extra aGVsbG8=", "index 2"], lines[..3]);
        Assert.Equal(5, lines[3..].TakeWhile(line => line.Length > 0).Count());
        Assert.Equal(["", Origin, "21", Root.ToString(), ""], lines[8..13]);
        Assert.StartsWith("\u2014 home-1 ", lines[13], StringComparison.Ordinal);
    }

    [Fact]
    public void Proof_OfAnotherLogOrKey_IsRejected()
    {
        using var other = SigningKey.Create("home-1");
        Assert.Throws<ProofRejectedException>(() => Proof(3).Verify(Lines[3], Origin, other.Verifier));
        Assert.Throws<ProofRejectedException>(() => Proof(3).Verify(Lines[3], "home-1/bob/2026-11-23", Key.Verifier));
        Assert.Equal(Origin, Proof(3).Verify(Lines[3], null, Key.Verifier).Origin);
    }

    [Fact]
    public void Proof_SignedButNoCheckpoint_IsAnError()
    {
        var proof = new TlogProof { Index = 0, Hashes = [], Checkpoint = SignedNote.Sign("not a checkpoint\n", Key) };
        Assert.Throws<IntegrityFormatException>(() => proof.Verify(Lines[0], null, Key.Verifier));
    }

    [Fact]
    public void Proof_AnyChange_IsRefusedOrRejected() =>
        (from place in Gen.Int[0, 10_000]
         from value in Gen.Char[' ', '~']
         select (place, value)).Sample(
            t =>
            {
                // All but the extra, which nothing signs.
                var text = Proof(5).ToString().Replace("extra aGVsbG8=\n", "", StringComparison.Ordinal).ToCharArray();
                var place = t.place % text.Length;
                if (text[place] == t.value)
                    return;
                text[place] = t.value;
                Assert.False(Holds(new string(text), Lines[5]));
            });

    [Theory]
    [InlineData("")]
    [InlineData("c2sp.org/tlog-proof@v1\n")]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 01\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex -1\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n")]
    [InlineData("c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n")]
    public void Parse_NoProof_SaysWhy(string text) => Assert.NotEmpty(Assert.Throws<IntegrityFormatException>(() => TlogProof.Parse(text)).Message);

    [Fact]
    public void Parse_TooMuch_IsRefusedBeforeItIsTakenApart()
    {
        var hash = Root + "\n";
        Assert.Throws<IntegrityFormatException>(() => TlogProof.Parse("c2sp.org/tlog-proof@v1\nindex 0\n" + string.Concat(Enumerable.Repeat(hash, 64)) + "\n"));
        Assert.Throws<IntegrityFormatException>(() => TlogProof.Parse(new string('\n', 100_000_000)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("log\n1\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n+1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n")]
    [InlineData("log\n1\nAAAA\n")]
    [InlineData("log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n")]
    public void Checkpoint_NoCheckpoint_SaysWhy(string text) => Assert.NotEmpty(Assert.Throws<IntegrityFormatException>(() => Checkpoint.Parse(text)).Message);

    [Fact]
    public void Checkpoint_WrittenAndRead_IsTheSame() =>
        Gen.Long[0, long.MaxValue].Sample(size => Assert.Equal(new Checkpoint(Origin, size, Root), Checkpoint.Parse(new Checkpoint(Origin, size, Root).ToString())));

    private static MerkleHash Root => Subtree(0, Lines.Length);

    private static TlogProof Proof(int index) => new()
    {
        Index = index,
        Hashes = MerkleProof.OfInclusion(index, Lines.Length, Subtree),
        Checkpoint = SignedNote.Sign(new Checkpoint(Origin, Lines.Length, Root).ToString(), Key),
        Extra = "hello"u8.ToArray(),
    };

    private static MerkleHash Subtree(long start, long end)
    {
        var tree = new MerkleTree();
        foreach (var line in Lines[(int)start..(int)end])
            tree.Add(MerkleHash.Leaf(line));
        return tree.Root();
    }

    private static bool Holds(string text, byte[] line)
    {
        try
        {
            TlogProof.Parse(text).Verify(line, Origin, Key.Verifier);
            return true;
        }
        catch (Exception e) when (e is IntegrityFormatException or ProofRejectedException)
        {
            return false;
        }
    }
}
