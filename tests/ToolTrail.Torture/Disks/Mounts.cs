using System.Diagnostics;

namespace ToolTrail.Torture.Disks;

/// <summary>What is mounted.</summary>
internal static class Mounts
{
    /// <summary>Takes away what an earlier run that was ended left mounted below a folder.</summary>
    public static void Sweep(string folder)
    {
        var below = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal));
        foreach (var path in below.Reverse().ToList())
        {
            using var umount = Process.Start("umount", ["-l", path]);
            umount.WaitForExit();
        }
    }
}
