using System.Globalization;
using System.Text;

namespace ToolTrail.Integrity;

/// <summary>
/// That a line is in a log, for somebody who has nothing but the log's verifier key and the line (C2SP tlog-proof): the leaf's index, its inclusion
/// proof, and the checkpoint that the proof leads to. Immutable.
/// </summary>
public sealed class TlogProof
{
    private const string Header = "c2sp.org/tlog-proof@v1";

    // A tree of 2^63 leaves has no longer ones.
    private const int MaxHashes = 63;

    // A note, and another proof as its extra.
    private const int MaxLength = 4 * SignedNote.MaxBytes;

    /// <summary>The leaf's index, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>The inclusion proof, from the leaf's sibling upward.</summary>
    public required IReadOnlyList<MerkleHash> Hashes { get; init; }

    /// <summary>The signed checkpoint.</summary>
    public required SignedNote Checkpoint { get; init; }

    /// <summary>What the application adds; not covered by the proof. Empty: nothing.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Reads a proof.</summary>
    /// <exception cref="IntegrityFormatException">It is none.</exception>
    public static TlogProof Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            throw new IntegrityFormatException($"The proof has more than {MaxLength} characters.");
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0)
            throw new IntegrityFormatException("The proof has no empty line between its hashes and its checkpoint.");
        var lines = new Queue<string>(text[..split].Split('\n'));
        if (lines.Dequeue() != Header)
            throw new IntegrityFormatException($"A proof begins with '{Header}'.");

        ReadOnlyMemory<byte> extra = default;
        if (TryTake(lines, "extra ", out var base64))
            extra = Base64Text.Decode(base64, "The proof's extra");
        if (!TryTake(lines, "index ", out var index))
            throw new IntegrityFormatException("The proof has no line 'index N'.");
        if (lines.Count > MaxHashes)
            throw new IntegrityFormatException($"The proof has more than {MaxHashes} hashes.");
        return new TlogProof
        {
            Index = Integrity.Checkpoint.ParseSize(index),
            Hashes = [.. lines.Select(line => Base64Text.DecodeHash(line, "A hash of the proof"))],
            Checkpoint = SignedNote.Parse(Encoding.UTF8.GetBytes(text[(split + 2)..])),
            Extra = extra,
        };
    }

    /// <summary>Checks the proof.</summary>
    /// <param name="leaf">The line's bytes, without LF.</param>
    /// <param name="origin">The log's; <c>null</c>: whichever the key signs for.</param>
    /// <param name="key">The log's key.</param>
    /// <returns>The checkpoint that the line stands under.</returns>
    /// <exception cref="ProofRejectedException">Something does not fit.</exception>
    /// <exception cref="IntegrityFormatException">What the key signed is no checkpoint.</exception>
    public Checkpoint Verify(ReadOnlySpan<byte> leaf, string? origin, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!key.Signed(Checkpoint))
            throw new ProofRejectedException($"The proof's checkpoint is not signed by the key '{key.Name}'.");
        var checkpoint = Integrity.Checkpoint.Parse(Checkpoint.Text);
        if (origin is not null && checkpoint.Origin != origin)
            throw new ProofRejectedException($"The proof's checkpoint is of '{checkpoint.Origin}' and not of '{origin}'.");
        if (!MerkleProof.ShowsInclusion(Index, checkpoint.Size, MerkleHash.Leaf(leaf), checkpoint.Root, Hashes))
            throw new ProofRejectedException($"The line is not number {Index} of the {checkpoint.Size} lines that the proof's checkpoint stands for.");
        return checkpoint;
    }

    /// <summary>The proof as it is stored and sent.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (!Extra.IsEmpty)
            text.Append("extra ").Append(Convert.ToBase64String(Extra.Span)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Hashes)
            text.Append(hash).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    private static bool TryTake(Queue<string> lines, string prefix, out string value)
    {
        value = "";
        if (!lines.TryPeek(out var line) || !line.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        value = lines.Dequeue()[prefix.Length..];
        return true;
    }
}
