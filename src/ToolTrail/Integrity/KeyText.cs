using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NSec.Cryptography;

namespace ToolTrail.Integrity;

/// <summary>How keys are written (C2SP signed-note): <c>name+id+base64(algorithm ‖ key)</c>, the id in 8 hexadecimal digits.</summary>
internal static class KeyText
{
    public const byte Ed25519 = 0x01;
    public const byte Cosignature = 0x04;
    public const int KeyBytes = 32;

    /// <summary>First four bytes of SHA-256(name ‖ LF ‖ algorithm ‖ public key).</summary>
    public static uint Id(string name, byte algorithm, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        Sha256.Hash(Encoding.UTF8.GetBytes(name), [(byte)'\n', algorithm, .. publicKey]).CopyTo(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    public static string Format(string name, uint id, byte algorithm, ReadOnlySpan<byte> key) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}+{id:x8}+{Convert.ToBase64String([algorithm, .. key])}");

    /// <summary>Reads a public key.</summary>
    /// <exception cref="IntegrityFormatException">It is none, or of another algorithm.</exception>
    public static (string Name, PublicKey Key) ParsePublic(string text, byte algorithm, string algorithmName)
    {
        var (name, id, found, bytes) = Parse(text);
        if (found != algorithm)
            throw new IntegrityFormatException($"The key '{name}' is of algorithm {found} instead of {algorithm} ({algorithmName}).");
        if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key) || key is null)
            throw new IntegrityFormatException($"The key '{name}' is no Ed25519 public key.");
        return Id(name, algorithm, bytes) == id ? (name, key) : throw new IntegrityFormatException($"The id of the key '{name}' is not that of its bytes.");
    }

    /// <exception cref="IntegrityFormatException">It is no such text.</exception>
    public static (string Name, uint Id, byte Algorithm, byte[] Key) Parse(string text)
    {
        // Base64 has '+' too: only the first two are between the parts.
        if (text.Split('+', 3) is not [var name, var hex, var base64])
            throw new IntegrityFormatException("A key is written name+id+base64.");
        KeyName.Check(name);
        if (hex.Length != 8 || hex.Any(c => !char.IsAsciiHexDigitLower(c)))
            throw new IntegrityFormatException($"The id of the key '{name}' is not 8 hexadecimal digits.");
        var bytes = Base64Text.Decode(base64, $"The key '{name}'");
        if (bytes.Length != 1 + KeyBytes)
            throw new IntegrityFormatException($"The key '{name}' has not {1 + KeyBytes} bytes.");
        return (name, uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), bytes[0], bytes[1..]);
    }
}
