using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ToolTrail.Cli.Connect;

/// <summary>The small program <c>tooltrail-hook</c>, which does what <c>tooltrail hook</c> does and starts many times faster.</summary>
internal static class HookProgram
{
    private static readonly string Name = OperatingSystem.IsWindows() ? "tooltrail-hook.exe" : "tooltrail-hook";

    /// <summary>Its absolute path beside this tool or in the search path; <c>null</c>: it is in neither.</summary>
    public static string? Installed =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Prepend(Path.GetDirectoryName(Environment.ProcessPath) ?? "")
            .Where(folder => Path.IsPathFullyQualified(folder))
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(File.Exists);

    // In the tool's package. Not for settings: the path holds the tool's version, and is gone when the tool is updated.
    private static string Packed => Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", Name);

    /// <summary>Starts it in this process's place: input, output and errors are this process's own.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its exit code; <c>null</c>: it is not there, or cannot be started on this machine.</returns>
    public static async Task<int?> TryRunAsync(IReadOnlyList<string> arguments)
    {
        var program = Installed ?? (File.Exists(Packed) ? Packed : null);
        if (program is null)
            return null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            // Of another processor, or not executable: the call is recorded all the same, by the caller.
            return null;
        }
    }
}
