namespace ToolTrail.Fuzz.Targets;

/// <summary>A folder of a target's own, gone with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("fuzz-").FullName;

    /// <summary>Absolute path of something in it.</summary>
    public string At(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
