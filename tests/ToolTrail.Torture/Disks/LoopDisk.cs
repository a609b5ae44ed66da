using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture.Disks;

/// <summary>A file system of its own in an image file, whose power can be cut.</summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    private readonly string _image;

    private LoopDisk(string image, string path)
    {
        _image = image;
        Path = path;
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes a disk.</summary>
    /// <param name="folder">Where image and mount point lie.</param>
    /// <param name="fileSystem"><c>ext4</c> or <c>xfs</c>.</param>
    public static async Task<LoopDisk> CreateAsync(string folder, string fileSystem)
    {
        var disk = new LoopDisk(System.IO.Path.Combine(folder, "disk.img"), System.IO.Path.Combine(folder, "disk"));
        await using (var image = File.Create(disk._image))
            image.SetLength(1L << 30);
        Directory.CreateDirectory(disk.Path);
        await Command.RunAsync($"mkfs.{fileSystem}", "-q", disk._image);
        await disk.MountAsync();
        return disk;
    }

    /// <summary>Cuts the power: from now on nothing reaches the disk, and what was not synced is gone.</summary>
    public Task CutPowerAsync() => Command.RunAsync("xfs_io", "-x", "-c", "shutdown", Path);

    /// <summary>Makes the file system read-only under its writers, as ext4 does when it meets an error.</summary>
    public Task AbortAsync() => Command.RunAsync("mount", "-o", "remount,abort", Path);

    /// <summary>Starts the machine again. No process may have files open there.</summary>
    public async Task RestartAsync()
    {
        await UnmountAsync();
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await UnmountAsync();
        File.Delete(_image);
        Directory.Delete(Path);
    }

    private Task MountAsync() => Command.RunAsync("mount", "-o", "loop", _image, Path);

    // A process that was killed lets go of its files a moment later.
    private async Task UnmountAsync()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if ((await Command.TryAsync("umount", Path)).ExitCode == 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        await Command.RunAsync("umount", Path);
    }
}
