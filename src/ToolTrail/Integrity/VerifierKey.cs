using NSec.Cryptography;

namespace ToolTrail.Integrity;

/// <summary>The public half of a key that signs notes with Ed25519 (C2SP signed-note): all that a verifier needs. Immutable.</summary>
public sealed class VerifierKey
{
    private readonly PublicKey _key;

    internal VerifierKey(string name, PublicKey key)
    {
        Name = name;
        _key = key;
        Id = KeyText.Id(name, KeyText.Ed25519, Bytes(key));
    }

    /// <summary>Whose it is.</summary>
    public string Name { get; }

    /// <summary>Tells keys of the same name apart.</summary>
    public uint Id { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="text"><c>name+id+base64</c>.</param>
    /// <exception cref="IntegrityFormatException">It is none.</exception>
    public static VerifierKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, id, algorithm, bytes) = KeyText.Parse(text);
        if (algorithm != KeyText.Ed25519)
            throw new IntegrityFormatException($"The key '{name}' is of algorithm {algorithm}; only Ed25519 (1) is known.");
        if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key) || key is null)
            throw new IntegrityFormatException($"The key '{name}' is no Ed25519 public key.");
        var verifier = new VerifierKey(name, key);
        return verifier.Id == id ? verifier : throw new IntegrityFormatException($"The id of the key '{name}' is not that of its bytes.");
    }

    /// <summary>Whether it signed a note, and signed it right. Signatures of others do not matter.</summary>
    public bool Signed(SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var own = note.Signatures.Where(signature => signature.KeyId == Id && signature.Name == Name).ToList();
        if (own.Count == 0)
            return false;
        var text = note.TextBytes();
        return own.TrueForAll(signature => SignatureAlgorithm.Ed25519.Verify(_key, text, signature.Bytes.Span));
    }

    /// <summary>The key as it is given to others: <c>name+id+base64</c>.</summary>
    public override string ToString() => KeyText.Format(Name, Id, KeyText.Ed25519, Bytes(_key));

    private static byte[] Bytes(PublicKey key) => key.Export(KeyBlobFormat.RawPublicKey);
}
