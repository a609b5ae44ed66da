using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Witnessing;

/// <summary>A home with a seal log in it.</summary>
internal sealed class SealLog : IDisposable
{
    public const string Origin = "home-1";

    private readonly TempFolder _folder = new();
    private readonly SigningKey _key;

    /// <param name="key">Signs the log; <c>null</c>: a new one.</param>
    public SealLog(SigningKey? key = null)
    {
        _key = key ?? SigningKey.Create(Origin);
        Home = TrailHome.Open(_folder.Path);
        Log = new TileLog(_folder.At(".tooltrail", "seals"));
    }

    public TrailHome Home { get; }

    public TileLog Log { get; }

    public VerifierKey Key => _key.Verifier;

    public long Size => Log.ReadHead() is { } head ? Checkpoint.Parse(head.Text).Size : 0;

    /// <summary>Appends entries; others for another branch.</summary>
    /// <returns>The new head.</returns>
    public SignedNote Append(int count, string branch = "")
    {
        var size = Size;
        var entries = Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{branch}{size + i}")).ToList();
        return Log.Append(size, entries, (newSize, root) => SignedNote.Sign(new Checkpoint(Origin, newSize, root).ToString(), _key));
    }

    /// <summary>Another home with a log of the same name and key, that has nothing yet.</summary>
    public SealLog Fork() => new(_key);

    public string At(params ReadOnlySpan<string> parts) => _folder.At(parts);

    // The key is left to the finalizer: forks share it.
    public void Dispose() => _folder.Dispose();
}
