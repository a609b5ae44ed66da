using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Bench;

/// <summary>The bare system call, which .NET has no way to (its own flush never tells of a failure).</summary>
internal static partial class DataSync
{
    public static void Sync(SafeFileHandle file)
    {
        if (fdatasync(file) != 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle file);
}
