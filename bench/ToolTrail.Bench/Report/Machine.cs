using System.Runtime.InteropServices;

namespace ToolTrail.Bench.Report;

/// <summary>What the figures were measured on, in general terms.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var name = model is null ? RuntimeInformation.ProcessArchitecture.ToString() : model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        var disk = new DriveInfo(Environment.CurrentDirectory).DriveFormat;
        return $"{Environment.ProcessorCount} cores ({name}), {memory:0} GiB memory, {RuntimeInformation.OSDescription}, files on {disk}, {RuntimeInformation.FrameworkDescription}";
    }
}
