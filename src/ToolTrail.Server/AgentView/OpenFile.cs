using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Server.AgentView;

/// <summary>A file that is open, and where it really is.</summary>
internal sealed partial class OpenFile : IDisposable
{
    // A FIFO would make the opening wait for whoever writes to it, and a terminal become the process's: O_RDONLY, O_NONBLOCK, O_NOCTTY, O_CLOEXEC.
    private const int FlagsLinux = 0x0 | 0x800 | 0x100 | 0x80000;
    private const int FlagsMac = 0x0 | 0x4 | 0x20000 | 0x1000000;

    private OpenFile(SafeFileHandle handle, string realPath, bool isRegular)
    {
        Handle = handle;
        RealPath = realPath;
        IsRegular = isRegular;
    }

    /// <summary>Its handle.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Absolute path of what is open, all links followed.</summary>
    public string RealPath { get; }

    /// <summary>Whether it is a file, and no folder, device or pipe.</summary>
    public bool IsRegular { get; }

    /// <summary>Opens a file; <c>null</c>: it cannot be opened.</summary>
    /// <param name="path">Absolute path.</param>
    public static OpenFile? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
            return TryOpenHere(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), RealPathOf(path));
        var descriptor = Open(path, OperatingSystem.IsMacOS() ? FlagsMac : FlagsLinux);
        if (descriptor < 0)
            return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var real = OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget : RealPathOf(path);
        return TryOpenHere(path, () => handle, real);
    }

    /// <summary>Where a path leads, all links followed; <c>null</c>: nowhere.</summary>
    public static string? RealPathOf(string path)
    {
        try
        {
            var resolved = Path.GetPathRoot(path)!;
            foreach (var part in path[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
            {
                resolved = Path.Combine(resolved, part);
                FileSystemInfo entry = Directory.Exists(resolved) ? new DirectoryInfo(resolved) : new FileInfo(resolved);
                if (entry.LinkTarget is not null)
                    resolved = entry.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? RealPathOf(target.FullName) ?? resolved : throw new IOException("It leads nowhere.");
            }

            return resolved;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be followed leads nowhere that is allowed.
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static OpenFile? TryOpenHere(string path, Func<SafeFileHandle> open, string? realPath)
    {
        try
        {
            var handle = open();
            if (realPath is null)
            {
                handle.Dispose();
                return null;
            }

            return new OpenFile(handle, realPath, (File.GetAttributes(handle) & (FileAttributes.Directory | FileAttributes.Device)) == 0 && IsSeekable(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or not ours to read: which of the two is nobody's business.
            return null;
        }
    }

    private static bool IsSeekable(SafeFileHandle handle)
    {
        try
        {
            return RandomAccess.GetLength(handle) >= 0;
        }
        catch (NotSupportedException)
        {
            // A pipe, or a terminal.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);
}
