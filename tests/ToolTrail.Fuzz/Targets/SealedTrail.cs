using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Storage;
using ToolTrail.Verification;

namespace ToolTrail.Fuzz.Targets;

/// <summary>A small trail that was sealed in good order. An input is put in the place of one of its files, and it is verified.</summary>
internal sealed class SealedTrail : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TrailHome _home;
    private readonly IReadOnlyList<VerifierKey> _keys;
    private readonly List<(string Path, byte[] Content, bool IsDerived)> _files;

    public SealedTrail()
    {
        _home = TrailHome.Open(_folder.At("home"));
        RecordAsync().GetAwaiter().GetResult();
        Compress(new PartFiles(_home, new PartName("bob", new DayFileName(_home.DayOf(FixedClock.Now), 1))).Lines);
        _keys = new SealLog(_home).VerifierKeys();
        _files = [.. FilesOf(_home).Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllBytes(path), IsDerived(path)))];
        BrokenPropertyException.Unless(Verify().IsIntact, "The trail does not verify as it was sealed.");
    }

    /// <summary>Verifies with an input in the place of a file: which one, its length decides.</summary>
    public void Run(byte[] input)
    {
        var (path, content, isDerived) = _files[input.Length % _files.Count];
        File.WriteAllBytes(path, input);
        var verdict = Verify();
        BrokenPropertyException.Unless(
            isDerived || !verdict.IsIntact || input.AsSpan().SequenceEqual(content), $"Verify found nothing, with another {Path.GetRelativePath(_home.Path, path)}.");
        File.WriteAllBytes(path, content);
    }

    public void Dispose() => _folder.Dispose();

    private TrailVerdict Verify() => new TrailVerifier(_home, new FixedClock()).Verify(new VerifyOptions { Keys = _keys });

    private async Task RecordAsync()
    {
        using var configuration = TrailConfiguration.Fixed(new TrailSettings());
        await using var recorder = ToolCallRecorder.Open(_home, configuration, new FixedClock());
        for (var i = 0; i < 6; i++)
            await recorder.RecordAsync(new ToolCallRecord { User = i % 2 == 0 ? "ann" : "bob", Tool = "read_file", Status = ToolCallStatus.Ok, Result = $"result {i}" });
    }

    private static void Compress(string path)
    {
        using (var lines = PartBytes.TryOpen(path)!)
        using (var file = File.Create(path + PartBytes.CompressedExtension))
            CompressedBytes.Write(lines, file.Write);
        File.Delete(path);
    }

    // What is made of the rest, and not signed: a verifier does without it.
    private static bool IsDerived(string path) => path.EndsWith(".leaves", StringComparison.Ordinal) || path.Contains("/tile/0/", StringComparison.Ordinal);

    // What verifying reads: the parts and what stands beside them, and the seal log.
    private static IEnumerable<string> FilesOf(TrailHome home) =>
        new[] { home.AuditPath("ann"), home.AuditPath("bob"), SealLog.FolderOf(home) }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(path => new FileInfo(path).Length > 0);
}
