using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>Linux and macOS. .NET's own calls hide a failed fsync and have no O_APPEND, so libc is called directly.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class UnixFile : NativeFile
{
    private const int EINTR = 4;
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private const int FullSync = 51; // macOS F_FULLFSYNC: fsync alone leaves the bytes in the drive's cache.

    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly int Append = IsMac ? 0x8 : 0x400;
    private static readonly int Create = IsMac ? 0x200 : 0x40;
    private static readonly int CloseOnExec = IsMac ? 0x1000000 : 0x80000;
    private static readonly int WouldBlock = IsMac ? 35 : 11;

    public override SafeFileHandle OpenAppend(string path) => Open(path, ReadWrite | Append | Create | CloseOnExec);

    public override SafeFileHandle OpenUpdate(string path) => Open(path, ReadWrite | Create | CloseOnExec);

    public override SafeFileHandle? TryOpenRead(string path) => TryOpen(path, ReadOnly | CloseOnExec) is { IsInvalid: false } file
        ? file
        : IsMissing() ? null : throw Failure($"open of '{path}'");

    public override SafeFileHandle OpenFolder(string path) => Open(path, ReadOnly | CloseOnExec);

    public override string LockPath(string folder) => folder;

    public override SafeFileHandle OpenLock(string folder) => OpenFolder(folder);

    protected override unsafe int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            nint written;
            do
                written = write(file, pointer, (nuint)bytes.Length);
            while (written < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return written < 0 ? throw Failure("write") : (int)written;
        }
    }

    public override void Sync(SafeFileHandle file) => Check("sync", file, IsMac ? static f => fcntl(f, FullSync) : static f => fdatasync(f));

    public override void SyncFolder(SafeFileHandle folder) => Check("sync of the folder", folder, IsMac ? static f => fcntl(f, FullSync) : static f => fsync(f));

    // Linux tells of failed writes only since 5.8, and elsewhere than in these file systems (FUSE, overlays) the call may do less than an fsync.
    public override unsafe bool CanSyncFileSystem(string folder)
    {
        const long Ext = 0xef53, Xfs = 0x58465342, Btrfs = 0x9123683e, Memory = 0x01021994;
        if (IsMac || Environment.OSVersion.Version < new Version(5, 8))
            return false;
        // f_type is the first member on every architecture.
        var status = stackalloc nint[64];
        return statfs(folder, status) == 0 && (long)(nuint)status[0] is Ext or Xfs or Btrfs or Memory;
    }

    public override void SyncFileSystem(SafeFileHandle folder) => Check("sync of the file system", folder, static f => syncfs(f));

    public override bool TryLock(SafeFileHandle file)
    {
        int result;
        do
            result = flock(file, LockExclusive | LockNonBlocking);
        while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);
        if (result == 0)
            return true;
        return Marshal.GetLastPInvokeError() == WouldBlock ? false : throw Failure("lock");
    }

    public override void Unlock(SafeFileHandle file) => Check("unlock", file, static f => flock(f, LockRelease));

    public override unsafe FileIdentity Identity(SafeFileHandle file)
    {
        var status = stackalloc byte[256];
        if (IsMac ? fstat(file, status) != 0 : statx(file, "", 0x1000 /* AT_EMPTY_PATH */, StatxInode, status) != 0)
            throw Failure("look at the file");
        return ReadIdentity(status);
    }

    public override unsafe FileIdentity? Identity(string path)
    {
        var status = stackalloc byte[256];
        var result = IsMac ? stat(path, status) : statx(AtCurrentFolder, path, 0, StatxInode, status);
        if (result == 0)
            return ReadIdentity(status);
        return IsMissing() ? null : throw Failure("look at the file");
    }

    private const uint StatxInode = 0x100;
    private const int AtCurrentFolder = -100;

    // statx: stx_ino at 32, stx_dev_major and _minor at 136. macOS stat64: st_dev at 0, st_ino at 8.
    private static unsafe FileIdentity ReadIdentity(byte* status) => IsMac
        ? new FileIdentity(*(uint*)status, *(ulong*)(status + 8))
        : new FileIdentity(((ulong)*(uint*)(status + 136) << 32) | *(uint*)(status + 140), *(ulong*)(status + 32));

    private static SafeFileHandle Open(string path, int flags) =>
        TryOpen(path, flags) is { IsInvalid: false } file ? file : throw Failure("open");

    private static SafeFileHandle TryOpen(string path, int flags)
    {
        int descriptor;
        do
            descriptor = open(path, flags, 0x180 /* 0600 */);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == EINTR);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static bool IsMissing()
    {
        const int NoEntry = 2;
        const int NotFolder = 20;
        return Marshal.GetLastPInvokeError() is NoEntry or NotFolder;
    }

    // EINTR alone is retried: after any other failure the kernel may already have dropped the dirty pages.
    private static void Check(string what, SafeFileHandle file, Func<SafeFileHandle, int> call)
    {
        int result;
        do
            result = call(file);
        while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);
        if (result < 0)
            throw Failure(what);
    }

    private static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {new Win32Exception(error).Message} (errno {error})");
    }

    // The variadic third argument is passed like a plain one on every ABI but Apple's arm64, where open's mode goes on the stack; there the
    // runtime's own file creation would have to be used. Files are made with mode 0600 by the process's umask in the worst case.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(SafeFileHandle file, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int syncfs(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statfs(string path, nint* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(SafeFileHandle folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int fstat(SafeFileHandle file, byte* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int stat(string path, byte* status);
}
