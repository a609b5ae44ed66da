namespace ToolTrail.Integrity;

/// <summary>Base64 as the formats have it: standard alphabet, padded, and only the one spelling that encoding gives.</summary>
internal static class Base64Text
{
    /// <exception cref="IntegrityFormatException">It is not.</exception>
    public static byte[] Decode(string text, string what)
    {
        var bytes = new byte[text.Length / 4 * 3];
        // .NET skips white space, and takes bits that encoding leaves zero.
        if (!Convert.TryFromBase64String(text, bytes, out var length) || Convert.ToBase64String(bytes, 0, length) != text)
            throw new IntegrityFormatException($"{what} is not in base64.");
        return bytes[..length];
    }

    /// <exception cref="IntegrityFormatException">It is not, or not 32 bytes.</exception>
    public static MerkleHash DecodeHash(string text, string what)
    {
        var bytes = Decode(text, what);
        return bytes.Length == MerkleHash.Size
            ? new MerkleHash(bytes)
            : throw new IntegrityFormatException($"{what} has {bytes.Length} bytes instead of {MerkleHash.Size}.");
    }
}
