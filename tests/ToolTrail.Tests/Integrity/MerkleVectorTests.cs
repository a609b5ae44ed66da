using System.Text.Json;
using ToolTrail.Integrity;

namespace ToolTrail.Tests.Integrity;

/// <summary>The vectors of transparency-dev/merkle: proofs that hold, and proofs that must not.</summary>
public sealed class MerkleVectorTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Integrity", "Vectors");
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static TheoryData<string> Inclusion => Names("inclusion");

    public static TheoryData<string> Consistency => Names("consistency");

    [Fact]
    public void Vectors_AreAll196()
    {
        Assert.Equal(98, Inclusion.Count);
        Assert.Equal(98, Consistency.Count);
    }

    [Theory]
    [MemberData(nameof(Inclusion))]
    public void Inclusion_Vector_HoldsOrFailsAsItSays(string name)
    {
        var vector = Read<InclusionVector>(name);
        var holds = TryHashes(vector.Proof, out var proof) && TryHash(vector.LeafHash, out var leaf)
            && MerkleProof.ShowsInclusion(Size(vector.LeafIdx), Size(vector.TreeSize), leaf, Root(vector.Root), proof);
        Assert.Equal(vector.WantErr, !holds);
    }

    [Theory]
    [MemberData(nameof(Consistency))]
    public void Consistency_Vector_HoldsOrFailsAsItSays(string name)
    {
        var vector = Read<ConsistencyVector>(name);
        var holds = TryHashes(vector.Proof, out var proof)
            && MerkleProof.ShowsConsistency(Size(vector.Size1), Size(vector.Size2), Root(vector.Root1), Root(vector.Root2), proof);
        Assert.Equal(vector.WantErr, !holds);
    }

    private static TheoryData<string> Names(string kind) =>
        new(Directory.EnumerateFiles(Path.Combine(Folder, kind), "*.json", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal));

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(Folder, name)), Options)!;

    // Sizes of 2^63 and more cannot be written here: they come out negative, which no tree is.
    private static long Size(ulong size) => unchecked((long)size);

    // Some roots are words where it does not matter what they are: hashes that no tree has.
    private static MerkleHash Root(string? base64) => TryHash(base64, out var hash) ? hash : MerkleHash.Leaf(Convert.FromBase64String(base64 ?? ""));

    private static bool TryHash(string? base64, out MerkleHash hash)
    {
        var bytes = Convert.FromBase64String(base64 ?? "");
        hash = bytes.Length == MerkleHash.Size ? new MerkleHash(bytes) : default;
        return bytes.Length == MerkleHash.Size;
    }

    private static bool TryHashes(string[]? base64, out IReadOnlyList<MerkleHash> hashes)
    {
        var list = new List<MerkleHash>();
        hashes = list;
        foreach (var text in base64 ?? [])
        {
            if (!TryHash(text, out var hash))
                return false;
            list.Add(hash);
        }

        return true;
    }

    private sealed record InclusionVector(ulong LeafIdx, ulong TreeSize, string? Root, string? LeafHash, string[]? Proof, bool WantErr);

    private sealed record ConsistencyVector(ulong Size1, ulong Size2, string? Root1, string? Root2, string[]? Proof, bool WantErr);
}
