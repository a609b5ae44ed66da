using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Storage;

/// <summary>Windows: FlushFileBuffers, LockFileEx on a lock file beside the day files. Built, and not yet run there.</summary>
internal sealed partial class WindowsFile : NativeFile
{
    private const uint ReadAccess = 0x80000000;
    private const uint AppendAccess = 0x4;
    private const uint WriteAccess = 0x40000000;
    private const uint ShareAll = 7;
    private const uint OpenExisting = 3;
    private const uint OpenAlways = 4;
    private const uint BackupSemantics = 0x02000000;
    private const int LockViolation = 33;

    public override SafeFileHandle OpenAppend(string path) => Open(path, ReadAccess | WriteAccess | AppendAccess, OpenAlways, 0);

    public override SafeFileHandle OpenUpdate(string path) => Open(path, ReadAccess | WriteAccess, OpenAlways, 0);

    public override SafeFileHandle? TryOpenRead(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public override SafeFileHandle OpenFolder(string path) => Open(path, ReadAccess | WriteAccess, OpenExisting, BackupSemantics);

    public override string LockPath(string folder) => Path.Combine(folder, ".lock");

    public override SafeFileHandle OpenLock(string folder) => Open(LockPath(folder), ReadAccess | WriteAccess, OpenAlways, 0);

    protected override int Write(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        // The folder's lock is held: nobody else moves the end.
        RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        return bytes.Length;
    }

    public override void Sync(SafeFileHandle file) => Check("sync", FlushFileBuffers(file));

    // NTFS journals directory entries itself and has no sync of a folder.
    public override void SyncFolder(SafeFileHandle folder)
    {
    }

    public override bool CanSyncFileSystem(string folder) => false;

    public override void SyncFileSystem(SafeFileHandle folder) => throw new PlatformNotSupportedException("Windows has no sync of a whole file system.");

    public override unsafe bool TryLock(SafeFileHandle file)
    {
        var overlapped = default(NativeOverlapped);
        if (LockFileEx(file, 0x3, 0, 1, 0, &overlapped))
            return true;
        return Marshal.GetLastPInvokeError() == LockViolation ? false : throw Failure("lock");
    }

    public override unsafe void Unlock(SafeFileHandle file)
    {
        var overlapped = default(NativeOverlapped);
        Check("unlock", UnlockFileEx(file, 0, 1, 0, &overlapped));
    }

    public override unsafe FileIdentity Identity(SafeFileHandle file)
    {
        var info = stackalloc byte[52]; // BY_HANDLE_FILE_INFORMATION: volume at 28, index high and low at 44 and 48.
        Check("look at the file", GetFileInformationByHandle(file, info));
        return new FileIdentity(*(uint*)(info + 28), ((ulong)*(uint*)(info + 44) << 32) | *(uint*)(info + 48));
    }

    public override FileIdentity? Identity(string path)
    {
        if (!File.Exists(path))
            return null;
        using var file = Open(path, ReadAccess, OpenExisting, 0);
        return Identity(file);
    }

    private static SafeFileHandle Open(string path, uint access, uint disposition, uint flags)
    {
        var file = CreateFileW(path, access, ShareAll, 0, disposition, flags, 0);
        return file.IsInvalid ? throw Failure("open") : file;
    }

    private static void Check(string what, bool success)
    {
        if (!success)
            throw Failure(what);
    }

    private static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what} failed: {new Win32Exception(error).Message} (error {error})");
    }

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFileW(string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool LockFileEx(SafeFileHandle file, uint flags, uint reserved, uint low, uint high, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool UnlockFileEx(SafeFileHandle file, uint reserved, uint low, uint high, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool GetFileInformationByHandle(SafeFileHandle file, byte* info);
}
