using NSec.Cryptography;

namespace ToolTrail.Integrity;

/// <summary>A key that signs notes with Ed25519 (C2SP signed-note, RFC 8032). Safe for use by any number of threads.</summary>
public sealed class SigningKey : IDisposable
{
    // As Go's note package, whose format it is, marks a key that is to be kept secret.
    private const string Prefix = "PRIVATE+KEY+";

    private readonly Key _key;

    private SigningKey(string name, Key key)
    {
        _key = key;
        Verifier = new VerifierKey(name, key.PublicKey);
    }

    /// <summary>The public half.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Makes a new key.</summary>
    /// <param name="name">Whose: not empty, no white space, no '+'.</param>
    /// <exception cref="IntegrityFormatException">The name cannot be a key's.</exception>
    public static SigningKey Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        KeyName.Check(name);
        return new SigningKey(name, Key.Create(SignatureAlgorithm.Ed25519, Exportable));
    }

    /// <summary>Reads a key.</summary>
    /// <param name="text">As <see cref="Export"/> gives it.</param>
    /// <exception cref="IntegrityFormatException">It is none. The message holds nothing of it but the name.</exception>
    public static SigningKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            throw new IntegrityFormatException($"A signing key begins with '{Prefix}'.");
        var (name, id, algorithm, seed) = KeyText.Parse(text[Prefix.Length..]);
        if (algorithm != KeyText.Ed25519 || !Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, Exportable) || key is null)
            throw new IntegrityFormatException($"The signing key '{name}' is no Ed25519 key.");
        var signing = new SigningKey(name, key);
        return signing.Verifier.Id == id ? signing : throw new IntegrityFormatException($"The id of the signing key '{name}' is not that of its bytes.");
    }

    /// <summary>The key as it is kept: <c>PRIVATE+KEY+name+id+base64</c>. Whoever has it can sign.</summary>
    public string Export() => Prefix + KeyText.Format(Verifier.Name, Verifier.Id, KeyText.Ed25519, _key.Export(KeyBlobFormat.RawPrivateKey));

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();

    internal NoteSignature Sign(ReadOnlySpan<byte> text) => new(Verifier.Name, Verifier.Id, SignatureAlgorithm.Ed25519.Sign(_key, text));

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
}
