using System.Numerics;

namespace ToolTrail.Integrity;

/// <summary>
/// Proofs that a leaf is in a tree, and that a tree begins with another (RFC 6962, section 2.1; the checks are those of RFC 9162, sections 2.1.3.2 and
/// 2.1.4.2). Hashes go from the leaf's sibling upward. Anything may be given to the checks: what is no proof is <c>false</c>.
/// </summary>
public static class MerkleProof
{
    /// <summary>The root of the leaves from one index up to, not including, another.</summary>
    /// <remarks>Asked only for subtrees: a power of two of leaves that starts at a multiple of it, or what is left of one at the tree's right edge.</remarks>
    public delegate MerkleHash Subtree(long start, long end);

    /// <summary>Proves that a leaf is in a tree.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="subtree">The tree.</param>
    public static IReadOnlyList<MerkleHash> OfInclusion(long index, long size, Subtree subtree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        ArgumentNullException.ThrowIfNull(subtree);
        var proof = new List<MerkleHash>();
        for (var (start, end) = (0L, size); end - start > 1;)
        {
            var middle = start + Half(end - start);
            if (index < middle)
            {
                proof.Add(subtree(middle, end));
                end = middle;
            }
            else
            {
                proof.Add(subtree(start, middle));
                start = middle;
            }
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>Proves that a tree begins with a smaller one.</summary>
    /// <param name="oldSize">Leaves of the smaller one, at least 1.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="subtree">The tree.</param>
    public static IReadOnlyList<MerkleHash> OfConsistency(long oldSize, long size, Subtree subtree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        ArgumentNullException.ThrowIfNull(subtree);
        var proof = new List<MerkleHash>();
        var (start, end) = (0L, size);
        while (end > oldSize)
        {
            var middle = start + Half(end - start);
            if (oldSize <= middle)
            {
                proof.Add(subtree(middle, end));
                end = middle;
            }
            else
            {
                proof.Add(subtree(start, middle));
                start = middle;
            }
        }

        // The smaller tree ends where a subtree does. Unless that is the whole smaller tree, whose root the verifier has.
        if (start > 0)
            proof.Add(subtree(start, end));
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether a proof shows that a leaf is in a tree.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="root">The tree's root.</param>
    /// <param name="proof">The proof.</param>
    public static bool ShowsInclusion(long index, long size, MerkleHash leaf, MerkleHash root, IReadOnlyList<MerkleHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size)
            return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            if (IsRight(node) || node == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                SkipLoneNodes(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether a proof shows that a tree begins with a smaller one.</summary>
    /// <param name="oldSize">Leaves of the smaller one, at least 1: that every tree begins with none needs no proof, and has none.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="oldRoot">The smaller one's root.</param>
    /// <param name="root">The tree's root.</param>
    /// <param name="proof">The proof.</param>
    public static bool ShowsConsistency(long oldSize, long size, MerkleHash oldRoot, MerkleHash root, IReadOnlyList<MerkleHash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (oldSize <= 0 || oldSize > size)
            return false;
        if (oldSize == size)
            return proof.Count == 0 && oldRoot == root;

        // A smaller tree that is one subtree is itself where the way up begins.
        var isSubtree = BitOperations.IsPow2(oldSize);
        if (!isSubtree && proof.Count == 0)
            return false;
        var (node, last) = (oldSize - 1, size - 1);
        while (IsRight(node))
            (node, last) = (node >> 1, last >> 1);
        var first = isSubtree ? oldRoot : proof[0];
        var (oldHash, hash) = (first, first);
        for (var i = isSubtree ? 0 : 1; i < proof.Count; i++)
        {
            if (last == 0)
                return false;
            if (IsRight(node) || node == last)
            {
                oldHash = MerkleHash.Node(proof[i], oldHash);
                hash = MerkleHash.Node(proof[i], hash);
                SkipLoneNodes(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.Node(hash, proof[i]);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && oldHash == oldRoot && hash == root;
    }

    private static bool IsRight(long node) => (node & 1) == 1;

    // A last node that is a left one has no sibling: it stands for its parent too.
    private static void SkipLoneNodes(ref long node, ref long last)
    {
        while (node != 0 && !IsRight(node))
            (node, last) = (node >> 1, last >> 1);
    }

    // The largest power of two smaller than a number of leaves.
    private static long Half(long leaves) => 1L << BitOperations.Log2((ulong)leaves - 1);
}
