using System.Globalization;

namespace ToolTrail.Bench;

/// <summary>This process's memory, as the kernel counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>Most resident memory that it ever had (VmHWM), in MiB.</summary>
    public static double PeakMiB()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
