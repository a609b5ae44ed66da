namespace ToolTrail.Testing;

/// <summary>A folder of a test's own, gone with it.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("tooltrail-").FullName;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Absolute path of something in it.</summary>
    public string At(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
