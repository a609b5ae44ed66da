using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ToolTrail.Integrity;

/// <summary>
/// SHA-256 of a prefix and some data. By libcrypto where it is there: its streaming calls cost half of .NET's one-shot, which sets up and tears down a
/// provider's context for each hash.
/// </summary>
internal static unsafe partial class Sha256
{
    private const string Library = "libcrypto.so.3";

    // A SHA256_CTX has 112 bytes.
    private const int ContextSize = 128;

    private static readonly bool HasLibcrypto = OperatingSystem.IsLinux() && IsRight();

    public static MerkleHash Hash(byte prefix, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        if (HasLibcrypto)
            HashByLibcrypto(prefix, data, hash);
        else
            HashByNet(prefix, data, hash);
        return new MerkleHash(hash);
    }

    private static void HashByNet(byte prefix, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([prefix]);
        sha.AppendData(data);
        sha.GetHashAndReset(hash);
    }

    private static void HashByLibcrypto(byte prefix, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        var context = stackalloc byte[ContextSize];
        fixed (byte* bytes = data, result = hash)
        {
            if (Init(context) != 1 || Update(context, &prefix, 1) != 1 || Update(context, bytes, (nuint)data.Length) != 1 || Final(result, context) != 1)
                throw new CryptographicException("libcrypto could not compute a SHA-256.");
        }
    }

    // Once: that the library is there, and computes what it should.
    private static bool IsRight()
    {
        try
        {
            Span<byte> theirs = stackalloc byte[MerkleHash.Size], ours = stackalloc byte[MerkleHash.Size];
            HashByLibcrypto(0x00, "a"u8, theirs);
            HashByNet(0x00, "a"u8, ours);
            return theirs.SequenceEqual(ours);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // .NET's own is right everywhere, only slower.
            return false;
        }
    }

    [LibraryImport(Library, EntryPoint = "SHA256_Init")]
    private static partial int Init(byte* context);

    [LibraryImport(Library, EntryPoint = "SHA256_Update")]
    private static partial int Update(byte* context, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "SHA256_Final")]
    private static partial int Final(byte* hash, byte* context);
}
