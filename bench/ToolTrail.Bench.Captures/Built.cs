namespace ToolTrail.Bench.Captures;

/// <summary>Where the programs that are measured lie, after <c>bench.sh</c> built and installed them.</summary>
internal static class Built
{
    private static readonly DirectoryInfo Here = new(AppContext.BaseDirectory);
    private static readonly string Artifacts = Here.Parent!.Parent!.Parent!.FullName;

    /// <summary>The tool.</summary>
    public static string Tool => Existing(Artifacts, "bin", "ToolTrail.Cli", Here.Name, "tooltrail");

    /// <summary>The hook's program, published ahead of time.</summary>
    public static string Hook => Existing(Artifacts, "publish", "ToolTrail.Hook", "release", "tooltrail-hook");

    /// <summary>A program of <c>bench/peers</c>.</summary>
    public static string Peer(string name) => Existing(Artifacts, "..", "bench", "peers", "node_modules", ".bin", name);

    private static string Existing(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine(parts));
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no {path}: ./bench.sh makes it.");
    }
}
