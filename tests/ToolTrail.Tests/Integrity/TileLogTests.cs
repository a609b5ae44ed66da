using System.Text;
using CsCheck;
using ToolTrail.Integrity;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Integrity;

public sealed class TileLogTests : IDisposable
{
    private static readonly SigningKey Key = SigningKey.Create("home-1");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 256, "000")]
    [InlineData(67, 256, "067")]
    [InlineData(1234067, 256, "x001/x234/067")]
    [InlineData(1000, 7, "x001/000.p/7")]
    [InlineData(999, 255, "999.p/255")]
    public void Names_AreThoseOfTheSpecification(long index, int width, string name)
    {
        Assert.Equal("tile/0/" + name, TilePath.Hashes(0, index, width));
        Assert.Equal("tile/entries/" + name, TilePath.Entries(index, width));
    }

    [Fact]
    public void Append_InAnyPortions_GivesTheSameLog() =>
        Gen.Int[1, 300].Array[1, 8].Sample(
            portions =>
            {
                using var folder = new TempFolder();
                var log = new TileLog(folder.Path);
                var (size, tree) = (0, new MerkleTree());
                foreach (var portion in portions)
                {
                    var head = log.Append(size, Entries(size, portion), Sign);
                    foreach (var entry in Entries(size, portion))
                        tree.Add(MerkleHash.Leaf(entry.Span));
                    size += portion;
                    Assert.Equal(new Checkpoint("home-1", size, tree.Root()).ToString(), head.Text);
                    Assert.Equal(head.ToString(), log.ReadHead()!.ToString());
                }

                Assert.Equal(Entries(0, size).Select(Text), log.Read(size).Select(Text));
                Assert.Equal(Entries(size / 2, size - (size / 2)).Select(Text), log.Read(size, size / 2).Select(Text));
            },
            iter: 20);

    [Fact]
    public void Proofs_FromTiles_Hold()
    {
        var log = new TileLog(_folder.Path);
        const int Size = 66_000;
        log.Append(0, Entries(0, 65_000), Sign);
        log.Append(65_000, Entries(65_000, 1_000), Sign);
        var root = log.Root(Size);
        foreach (var index in new[] { 0, 255, 256, 40_000, 65_535, 65_536, 65_999 })
        {
            var proof = MerkleProof.OfInclusion(index, Size, Subtree);
            Assert.True(MerkleProof.ShowsInclusion(index, Size, MerkleHash.Leaf(Entries(index, 1)[0].Span), root, proof), $"{index}");
        }

        foreach (var old in new[] { 1, 256, 65_000, 65_536, 65_999 })
        {
            var proof = MerkleProof.OfConsistency(old, Size, Subtree);
            Assert.True(MerkleProof.ShowsConsistency(old, Size, Subtree(0, old), root, proof), $"{old}");
        }

        MerkleHash Subtree(long start, long end) => log.Subtree(Size, start, end);
    }

    [Fact]
    public void Files_LieAsTheSpecificationSays()
    {
        new TileLog(_folder.Path).Append(0, Entries(0, 65_792), Sign);
        var names = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder.Path, path)).ToHashSet();
        Assert.Equal(1 + 257 + 257 + 2 + 1, names.Count);
        Assert.Superset(new HashSet<string> { "checkpoint", "tile/0/000", "tile/0/256", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1", "tile/entries/256" }, names);
        Assert.Equal(8192, new FileInfo(_folder.At("tile/0/000")).Length);
        Assert.Equal(32, new FileInfo(_folder.At("tile/2/000.p/1")).Length);
    }

    [Fact]
    public void Append_ThatDidNotComeToItsEnd_IsOverwritten()
    {
        var log = new TileLog(_folder.Path);
        log.Append(0, Entries(0, 200), Sign);
        Assert.Throws<IOException>(() => log.Append(200, Entries(1_000, 200), (_, _) => throw new IOException("The power went.")));
        Assert.Equal(200, Checkpoint.Parse(log.ReadHead()!.Text).Size);
        Assert.Equal(Entries(0, 200).Select(Text), log.Read(200).Select(Text));

        log.Append(200, Entries(200, 200), Sign);
        Assert.Equal(Entries(0, 400).Select(Text), log.Read(400).Select(Text));
        var tree = new MerkleTree();
        foreach (var entry in Entries(0, 400))
            tree.Add(MerkleHash.Leaf(entry.Span));
        Assert.Equal(tree.Root(), Checkpoint.Parse(log.ReadHead()!.Text).Root);
    }

    [Fact]
    public void Read_FilesMissingOrOfAnotherSize_SaysWhich()
    {
        var log = new TileLog(_folder.Path);
        log.Append(0, Entries(0, 300), Sign);
        File.WriteAllBytes(_folder.At("tile/0/001.p/44"), new byte[44 * 32 - 1]);
        Assert.Contains("tile/0/001.p/44", Assert.Throws<IntegrityFormatException>(() => log.Root(300)).Message, StringComparison.Ordinal);
        File.Delete(_folder.At("tile/0/001.p/44"));
        Assert.Contains("tile/0/001", Assert.Throws<IntegrityFormatException>(() => log.Root(300)).Message, StringComparison.Ordinal);
        File.Delete(_folder.At("tile/entries/000"));
        Assert.Contains("tile/entries/000", Assert.Throws<IntegrityFormatException>(() => log.Read(300).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_FullTile_TakesThePlaceOfThePartialOnes()
    {
        var log = new TileLog(_folder.Path);
        log.Append(0, Entries(0, 100), Sign);
        log.Append(100, Entries(100, 156), Sign);
        Assert.False(Directory.Exists(_folder.At("tile/0/000.p")));
        Assert.False(Directory.Exists(_folder.At("tile/entries/000.p")));
        Assert.Equal(100, log.Read(100).Count());
        Assert.Equal(Checkpoint.Parse(log.ReadHead()!.Text).Root, log.Root(256));
    }

    [Fact]
    public void EntryBundle_AnyBytes_AreDecodedOrRefused() =>
        Gen.Select(Gen.Byte.Array[0, 2_000], Gen.Int[0, 256]).Sample(
            t =>
            {
                try
                {
                    Assert.Equal(t.Item1, EntryBundle.Encode(EntryBundle.Decode(t.Item1, t.Item2)));
                }
                catch (IntegrityFormatException e)
                {
                    Assert.NotEmpty(e.Message);
                }
            });

    private static SignedNote Sign(long size, MerkleHash root) => SignedNote.Sign(new Checkpoint("home-1", size, root).ToString(), Key);

    private static List<ReadOnlyMemory<byte>> Entries(int start, int count) =>
        [.. Enumerable.Range(start, count).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"entry {i}"))];

    private static string Text(ReadOnlyMemory<byte> entry) => Encoding.UTF8.GetString(entry.Span);
}
