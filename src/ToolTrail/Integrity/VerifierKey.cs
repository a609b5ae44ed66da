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
        var (name, key) = KeyText.ParsePublic(text, KeyText.Ed25519, "Ed25519");
        return new VerifierKey(name, key);
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
