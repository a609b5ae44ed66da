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

    // FIPS 180-2, B.1. Not asked of .NET, whose own way into libcrypto takes longer to set up than a process of one call runs.
    private static readonly byte[] OfAbc = Convert.FromHexString("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");

    private static readonly bool HasLibcrypto = OperatingSystem.IsLinux() && IsRight();

    /// <summary>Of a prefix and some data.</summary>
    public static MerkleHash Hash(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        if (HasLibcrypto)
            HashByLibcrypto(prefix, data, hash);
        else
            HashByNet(prefix, data, hash);
        return new MerkleHash(hash);
    }

    private static void HashByNet(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(prefix);
        sha.AppendData(data);
        sha.GetHashAndReset(hash);
    }

    private static void HashByLibcrypto(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> data, Span<byte> hash)
    {
        var context = stackalloc byte[ContextSize];
        fixed (byte* first = prefix, bytes = data, result = hash)
        {
            if (Init(context) != 1 || Update(context, first, (nuint)prefix.Length) != 1 || Update(context, bytes, (nuint)data.Length) != 1 || Final(result, context) != 1)
                throw new CryptographicException("libcrypto could not compute a SHA-256.");
        }
    }

    // Once: that the library is there, and computes what it should.
    private static bool IsRight()
    {
        try
        {
            Span<byte> hash = stackalloc byte[MerkleHash.Size];
            HashByLibcrypto("a"u8, "bc"u8, hash);
            return hash.SequenceEqual(OfAbc);
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
