using System.Numerics;

namespace ToolTrail.Integrity;

/// <summary>
/// An append-only Merkle tree (RFC 6962, section 2.1) of which only the right edge is kept: at most 63 hashes, whatever its size. For one thread at a
/// time.
/// </summary>
public sealed class MerkleTree
{
    // The roots of the full subtrees that the tree is made of, largest first: one for each bit of its size.
    private readonly List<MerkleHash> _edge;

    /// <summary>Makes a tree without leaves.</summary>
    public MerkleTree()
    {
        _edge = [];
    }

    private MerkleTree(MerkleTree other)
    {
        _edge = [.. other._edge];
        Size = other.Size;
    }

    /// <summary>Leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">As <see cref="MerkleHash.Leaf"/> gives it.</param>
    public void Add(MerkleHash leaf)
    {
        // As when one is added to a binary number: each set bit at the end is a subtree that becomes the left half of a larger one.
        for (var carries = BitOperations.TrailingZeroCount(~Size); carries > 0; carries--)
        {
            leaf = MerkleHash.Node(_edge[^1], leaf);
            _edge.RemoveAt(_edge.Count - 1);
        }

        _edge.Add(leaf);
        Size++;
    }

    /// <summary>The root of all leaves so far.</summary>
    public MerkleHash Root()
    {
        if (_edge.Count == 0)
            return MerkleHash.Empty;
        var root = _edge[^1];
        for (var i = _edge.Count - 2; i >= 0; i--)
            root = MerkleHash.Node(_edge[i], root);
        return root;
    }

    /// <summary>A tree of the same leaves that grows on its own.</summary>
    public MerkleTree Copy() => new(this);
}
