using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ToolTrail.Integrity;

/// <summary>
/// A hash in a Merkle tree as RFC 6962, section 2.1, defines it over SHA-256: 32 bytes. Its memory is those bytes, so spans of bytes can be read as
/// spans of hashes.
/// </summary>
public readonly struct MerkleHash : IEquatable<MerkleHash>
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = 32;

    private readonly Vector256<byte> _bytes;

    /// <summary>Takes a hash from its bytes.</summary>
    /// <param name="bytes">Exactly 32.</param>
    /// <exception cref="ArgumentException">They are not 32.</exception>
    public MerkleHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"A hash has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        _bytes = Vector256.Create(bytes);
    }

    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static MerkleHash Empty { get; } = Sha256.Hash([], []);

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ data).</summary>
    public static MerkleHash Leaf(ReadOnlySpan<byte> data) => Sha256.Hash([0x00], data);

    /// <summary>The hash of a node above two others: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static MerkleHash Node(in MerkleHash left, in MerkleHash right)
    {
        Span<MerkleHash> both = [left, right];
        return Sha256.Hash([0x01], MemoryMarshal.AsBytes(both));
    }

    /// <summary>Copies the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The bytes in base64, as notes and proofs write a hash.</summary>
    public override string ToString() => Convert.ToBase64String(ToArray());

    /// <inheritdoc/>
    public bool Equals(MerkleHash other) => _bytes == other._bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MerkleHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes.GetHashCode();

    /// <summary>Whether two are the same.</summary>
    public static bool operator ==(MerkleHash left, MerkleHash right) => left.Equals(right);

    /// <summary>Whether two differ.</summary>
    public static bool operator !=(MerkleHash left, MerkleHash right) => !left.Equals(right);
}
