namespace ToolTrail.Bench;

/// <summary>A folder for one run, deleted afterwards. It lies in the current folder, which should be on a real disk.</summary>
internal sealed class WorkFolder : IDisposable
{
    public WorkFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(Environment.CurrentDirectory, "run-" + Guid.NewGuid().ToString("n"));

    /// <summary>Lines in all record files.</summary>
    public long CountLines()
    {
        long lines = 0;
        var buffer = new byte[1 << 20];
        foreach (var path in RecordFiles())
        {
            using var file = File.OpenRead(path);
            for (int read; (read = file.Read(buffer)) > 0;)
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    public long CountBytes() => RecordFiles().Sum(path => new FileInfo(path).Length);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private IEnumerable<string> RecordFiles() => Directory.EnumerateFiles(Path, "*.jsonl", SearchOption.AllDirectories);
}
