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
    /// <param name="keys">The installation's keys, as its owner gave them.</param>
    /// <exception cref="ProofException">It is no proof of that line.</exception>
    public static ProvenLine Check(string proof, ReadOnlySpan<byte> line, IReadOnlyList<VerifierKey> keys)
    {
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(keys);
        try
        {
            var lineProof = TlogProof.Parse(proof);
            if (lineProof.Extra.IsEmpty)
                throw new ProofException("The proof has no proof of the seal log in it.");
            var sealProof = TlogProof.Parse(Encoding.UTF8.GetString(lineProof.Extra.Span));
            var key = Signer(sealProof.Checkpoint, keys);
            var head = sealProof.Verify(lineProof.Checkpoint.ToBytes(), key.Name, key);

            // A checkpoint that an earlier key signed counts, because it stands in the log that a trusted key signed.
            var checkpoint = Checkpoint.Parse(lineProof.Checkpoint.Text);
            if (!checkpoint.Origin.StartsWith(head.Origin + "/", StringComparison.Ordinal))
                throw new ProofException($"The line's checkpoint is of '{checkpoint.Origin}', and the seal log that of '{head.Origin}'.");
            if (!MerkleProof.ShowsInclusion(lineProof.Index, checkpoint.Size, MerkleHash.Leaf(line), checkpoint.Root, lineProof.Hashes))
                throw new ProofException($"The line is not number {lineProof.Index} of the {checkpoint.Size} lines of '{checkpoint.Origin}' that were sealed.");
            return new ProvenLine(checkpoint, lineProof.Index, sealProof.Index, new SealHead(sealProof.Checkpoint, head));
        }
        catch (Exception e) when (e is IntegrityFormatException or ProofRejectedException)
        {
            throw new ProofException(e.Message, e);
        }
    }

    private static VerifierKey Signer(SignedNote head, IReadOnlyList<VerifierKey> keys) =>
        keys.FirstOrDefault(key => key.Signed(head)) ?? throw new ProofException($"The head of the seal log is signed by none of the keys: {string.Join(", ", keys.Select(key => $"'{key}'"))}.");
}
