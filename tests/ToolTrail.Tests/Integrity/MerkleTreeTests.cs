using System.Security.Cryptography;
using System.Text;
using CsCheck;
using ToolTrail.Integrity;

namespace ToolTrail.Tests.Integrity;

/// <summary>The tree and its proofs against the definition in RFC 6962, section 2.1, written down as it stands there.</summary>
public sealed class MerkleTreeTests
{
    private static readonly MerkleHash[] Leaves = [.. Enumerable.Range(0, 300).Select(i => MerkleHash.Leaf(Encoding.UTF8.GetBytes($"line {i}")))];

    [Fact]
    public void Root_OfNoLeaves_IsTheHashOfNothing() => Assert.Equal(SHA256.HashData([]), new MerkleTree().Root().ToArray());

    [Fact]
    public void Hashes_HaveTheirPrefixes()
    {
        var (left, right) = (Leaves[0], Leaves[1]);
        Assert.Equal(SHA256.HashData([0x00, .. "line 0"u8]), left.ToArray());
        Assert.Equal(SHA256.HashData([0x01, .. left.ToArray(), .. right.ToArray()]), MerkleHash.Node(left, right).ToArray());
    }

    [Fact]
    public void Root_OfEverySize_IsTheDefinitions()
    {
        var tree = new MerkleTree();
        for (var size = 1; size <= Leaves.Length; size++)
        {
            tree.Add(Leaves[size - 1]);
            Assert.Equal(size, tree.Size);
            Assert.Equal(Root(0, size), tree.Root());
        }
    }

    [Fact]
    public void Copy_GrowsOnItsOwn()
    {
        var tree = new MerkleTree();
        tree.Add(Leaves[0]);
        var copy = tree.Copy();
        copy.Add(Leaves[1]);
        tree.Add(Leaves[2]);
        Assert.Equal(Root(0, 2), copy.Root());
        Assert.Equal(MerkleHash.Node(Leaves[0], Leaves[2]), tree.Root());
    }

    [Fact]
    public void Inclusion_EveryLeafOfEverySize_IsShown_AndNowhereElse()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleProof.OfInclusion(index, size, Root);
                Assert.True(MerkleProof.ShowsInclusion(index, size, Leaves[index], Root(0, size), proof));
                for (var other = 0; other < size; other++)
                    Assert.Equal(other == index, MerkleProof.ShowsInclusion(other, size, Leaves[index], Root(0, size), proof));
            }
        }
    }

    [Fact]
    public void Consistency_EverySizeOfEverySize_IsShown()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var old = 1; old <= size; old++)
            {
                var proof = MerkleProof.OfConsistency(old, size, Root);
                Assert.True(MerkleProof.ShowsConsistency(old, size, Root(0, old), Root(0, size), proof), $"{old} of {size}");
                if (old < size)
                    Assert.False(MerkleProof.ShowsConsistency(old, size, Root(0, size), Root(0, old), proof));
            }
        }
    }

    [Fact]
    public void Proofs_AnyHashChanged_ShowNothing() =>
        (from size in Gen.Int[2, 300]
         from index in Gen.Int[0, size - 1]
         from old in Gen.Int[1, size - 1]
         from place in Gen.Int[0, 62]
         from bit in Gen.Int[0, 255]
         select (size, index, old, place, bit)).Sample(
            t =>
            {
                var inclusion = MerkleProof.OfInclusion(t.index, t.size, Root);
                Assert.True(MerkleProof.ShowsInclusion(t.index, t.size, Leaves[t.index], Root(0, t.size), inclusion));
                Assert.False(MerkleProof.ShowsInclusion(t.index, t.size, Leaves[t.index], Root(0, t.size), Changed(inclusion, t.place, t.bit)));
                var consistency = MerkleProof.OfConsistency(t.old, t.size, Root);
                Assert.True(MerkleProof.ShowsConsistency(t.old, t.size, Root(0, t.old), Root(0, t.size), consistency));
                Assert.False(MerkleProof.ShowsConsistency(t.old, t.size, Root(0, t.old), Root(0, t.size), Changed(consistency, t.place, t.bit)));
            },
            iter: 500);

    [Fact]
    public void Checks_AnySizesAndAnyNumberOfHashes_AreAnswered() =>
        (from a in Gen.Long
         from b in Gen.Long
         from count in Gen.Int[0, 200]
         select (a, b, count)).Sample(
            t =>
            {
                var hashes = Enumerable.Repeat(Leaves[0], t.count).ToList();
                Assert.False(MerkleProof.ShowsInclusion(t.a, t.b, Leaves[1], Leaves[2], hashes));
                Assert.False(MerkleProof.ShowsConsistency(t.a, t.b, Leaves[1], Leaves[2], hashes));
            });

    [Fact]
    public void Checks_TenMillionHashes_AreRefusedAtTheFirstTooMany()
    {
        var hashes = new MerkleHash[10_000_000];
        Assert.False(MerkleProof.ShowsInclusion(0, 8, Leaves[0], Root(0, 8), hashes));
        Assert.False(MerkleProof.ShowsConsistency(3, 8, Root(0, 3), Root(0, 8), hashes));
    }

    private static MerkleHash Root(long start, long end)
    {
        if (end - start == 1)
            return Leaves[start];
        var half = 1L;
        while (half * 2 < end - start)
            half *= 2;
        return MerkleHash.Node(Root(start, start + half), Root(start + half, end));
    }

    private static List<MerkleHash> Changed(IReadOnlyList<MerkleHash> proof, int place, int bit)
    {
        var changed = proof.ToList();
        var bytes = changed[place % proof.Count].ToArray();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        changed[place % proof.Count] = new MerkleHash(bytes);
        return changed;
    }
}
