using System.Text;
using ToolTrail.Integrity;
using ToolTrail.Sealing;

namespace ToolTrail.Verification;

/// <summary>What a proof shows: that a line stood in a trail when somebody's head was signed.</summary>
/// <param name="Checkpoint">The part's checkpoint that the line stands under.</param>
/// <param name="Line">The line's number in the part, from 0.</param>
/// <param name="SealIndex">The entry of the seal log that holds that checkpoint.</param>
/// <param name="Head">The seal log's head that the entry stands under.</param>
public sealed record ProvenLine(Checkpoint Checkpoint, long Line, long SealIndex, SealHead Head)
{
    /// <summary>Checks a proof; needs nothing but the keys and the line.</summary>
    /// <param name="proof">As <see cref="TrailProver.Prove"/> made it.</param>
    /// <param name="line">The line's bytes, without LF.</param>
    /// <param name="keys">The installation's keys, as its owner gave them: the one that signs now first, then those that it had before.</param>
    /// <param name="witnesses">Those that have to have cosigned a head that is signed by one of the keys before; none (default): such a head counts for nothing.</param>
    /// <exception cref="ProofException">It is no proof of that line.</exception>
    public static ProvenLine Check(string proof, ReadOnlySpan<byte> line, IReadOnlyList<VerifierKey> keys, IReadOnlyList<WitnessKey>? witnesses = null)
    {
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(keys);
        return Check(proof, MerkleHash.Leaf(line), keys, witnesses ?? []);
    }

    /// <summary>The same, of a line of which only the leaf hash is there.</summary>
    internal static ProvenLine Check(string proof, MerkleHash leaf, IReadOnlyList<VerifierKey> keys, IReadOnlyList<WitnessKey> witnesses)
    {
        try
        {
            var lineProof = TlogProof.Parse(proof);
            if (lineProof.Extra.IsEmpty)
                throw new ProofException("The proof has no proof of the seal log in it.");
            var sealProof = TlogProof.Parse(Encoding.UTF8.GetString(lineProof.Extra.Span));
            var key = Signer(sealProof.Checkpoint, keys, witnesses);
            var head = sealProof.Verify(lineProof.Checkpoint.ToBytes(), key.Name, key);

            // A checkpoint that an earlier key signed counts, because it stands in the log that a trusted key signed.
            var checkpoint = Checkpoint.Parse(lineProof.Checkpoint.Text);
            if (!checkpoint.Origin.StartsWith(head.Origin + "/", StringComparison.Ordinal))
                throw new ProofException($"The line's checkpoint is of '{checkpoint.Origin}', and the seal log that of '{head.Origin}'.");
            if (!MerkleProof.ShowsInclusion(lineProof.Index, checkpoint.Size, leaf, checkpoint.Root, lineProof.Hashes))
                throw new ProofException($"The line is not number {lineProof.Index} of the {checkpoint.Size} lines of '{checkpoint.Origin}' that were sealed.");
            return new ProvenLine(checkpoint, lineProof.Index, sealProof.Index, new SealHead(sealProof.Checkpoint, head));
        }
        catch (Exception e) when (e is IntegrityFormatException or ProofRejectedException)
        {
            throw new ProofException(e.Message, e);
        }
    }

    private static VerifierKey Signer(SignedNote head, IReadOnlyList<VerifierKey> keys, IReadOnlyList<WitnessKey> witnesses)
    {
        var signer = keys.FirstOrDefault(key => key.Signed(head))
            ?? throw new ProofException($"The head of the seal log is signed by none of the keys: {string.Join(", ", keys.Select(key => $"'{key}'"))}.");
        // Whoever got hold of a key after it was retired signs whatever they like, but witnesses do not cosign it.
        var isCosigned = witnesses.Count > 0 && witnesses.All(witness => witness.CosignedAt(head) is not null);
        return signer == keys[0] || isCosigned
            ? signer
            : throw new ProofException(
                $"The head of the seal log is signed by '{signer}', a key that was retired: it shows nothing, since whoever has that key now could have signed it. "
                + "Prove the line again, with 'tooltrail prove'; or name a witness that cosigned the head, with --witness.");
    }
}
