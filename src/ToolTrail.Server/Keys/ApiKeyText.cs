using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ToolTrail.Server.Keys;

/// <summary>A key's text: <c>tt_</c>, the id in 12 hex digits, <c>_</c>, and 256 random bits in base64url.</summary>
internal static class ApiKeyText
{
    private const string Prefix = "tt_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;

    /// <summary>Whether a credential is meant to be a key of ours.</summary>
    public static bool LooksLikeKey(string credential) => credential.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Makes a new key.</summary>
    public static (string Id, string Text) Create()
    {
        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>Finds the id in a key's text.</summary>
    public static bool TryGetId(string text, [NotNullWhen(true)] out string? id)
    {
        id = null;
        if (!LooksLikeKey(text) || text.Length != Prefix.Length + IdLength + 1 + SecretLength || text[Prefix.Length + IdLength] != '_')
            return false;
        id = text.Substring(Prefix.Length, IdLength);
        return true;
    }

    /// <summary>What is kept of a key.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
