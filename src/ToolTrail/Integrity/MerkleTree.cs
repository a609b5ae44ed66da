using System.Numerics;

namespace ToolTrail.Integrity;

/// <summary>
/// An append-only Merkle tree (RFC 6962, section 2.1) of which only the right edge is kept: at most 63 hashes, whatever its size. For one thread at a
/// time.
/// </summary>
public sealed class MerkleTree
{
    // One for each bit of the size.
    private readonly List<MerkleHash> _edge;

    /// <summary>Makes a tree without leaves.</summary>
    public MerkleTree()
    {
        _edge = [];
    }

    /// <summary>Takes a tree up again.</summary>
    /// <param name="size">Its leaves.</param>
    /// <param name="edge">Its <see cref="Edge"/>.</param>
    /// <exception cref="IntegrityFormatException">A tree of so many leaves has an edge of another length.</exception>
    public MerkleTree(long size, IReadOnlyList<MerkleHash> edge)
    {
        ArgumentNullException.ThrowIfNull(edge);
        if (size < 0 || BitOperations.PopCount((ulong)size) != edge.Count)
            throw new IntegrityFormatException($"A tree of {size} leaves has no edge of {edge.Count} hashes.");
        _edge = [.. edge];
        Size = size;
    }

    private MerkleTree(MerkleTree other)
    {
        _edge = [.. other._edge];
        Size = other.Size;
    }

    /// <summary>Leaves.</summary>
    public long Size { get; private set; }

    /// <summary>The roots of the full subtrees that the tree is made of, largest first: all that it takes to let it grow.</summary>
    public IReadOnlyList<MerkleHash> Edge => _edge;

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
