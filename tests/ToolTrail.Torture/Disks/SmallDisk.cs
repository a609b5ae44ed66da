using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Disks;

/// <summary>A small file system in memory that can be filled and freed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const long Bytes = 128L << 20;

    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Makes a disk.</summary>
    public static async Task<SmallDisk> CreateAsync(string folder)
    {
        var disk = new SmallDisk(System.IO.Path.Combine(folder, "small"));
        Directory.CreateDirectory(disk.Path);
        await Command.RunAsync("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Fills it but for so many bytes.</summary>
    public void Fill(int free)
    {
        using var ballast = File.Create(Ballast);
        var chunk = new byte[64 << 10];
        for (var left = new DriveInfo(Path).AvailableFreeSpace - free; left >= chunk.Length; left -= chunk.Length)
        {
            try
            {
                ballast.Write(chunk);
            }
            catch (IOException) when (new DriveInfo(Path).AvailableFreeSpace < chunk.Length)
            {
                // Who writes there took the rest meanwhile: full it is.
                return;
            }
        }
    }

    /// <summary>Frees it again.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("umount", Path);
        Directory.Delete(Path);
    }
}
