using Microsoft.Win32.SafeHandles;

namespace ToolTrail.Cli;

/// <summary>Standard input and output as plain bytes, unbuffered.</summary>
internal static class StandardStream
{
    /// <summary>Opens standard input.</summary>
    public static Stream OpenInput() => OperatingSystem.IsWindows() ? Console.OpenStandardInput() : Open(0, FileAccess.Read);

    /// <summary>Opens standard output.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : Open(1, FileAccess.Write);

    // The console's own stream takes a reader that is gone for one that wants no more, and says nothing.
    private static FileStream Open(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0, isAsync: false);
}
