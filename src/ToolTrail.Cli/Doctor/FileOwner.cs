using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ToolTrail.Cli.Doctor;

/// <summary>Who owns a file: .NET has no word for it.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class FileOwner
{
    private const int AtCurrentFolder = -100;
    private const uint StatxUid = 0x8;

    /// <summary>The id of the user that this process runs as.</summary>
    public static uint Me => geteuid();

    /// <summary>The id of a file's owner.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static unsafe uint Of(string path)
    {
        // statx: stx_uid at 20. macOS stat64: st_uid at 16.
        var status = stackalloc byte[256];
        var mac = OperatingSystem.IsMacOS();
        if ((mac ? stat(path, status) : statx(AtCurrentFolder, path, 0, StatxUid, status)) != 0)
            throw new IOException($"'{path}' cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
        return *(uint*)(status + (mac ? 16 : 20));
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat(string path, byte* status);
}
