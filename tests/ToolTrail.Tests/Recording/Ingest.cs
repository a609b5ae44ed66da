using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Recording;

/// <summary>Takes input into a home of its own and notes what is told.</summary>
internal sealed class Ingest : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public Ingest(TrailSettings? settings = null)
    {
        Home = TrailHome.Open(_folder.Path);
        Recorder = ToolCallRecorder.Open(Home, TrailConfiguration.Fixed(settings ?? new()));
    }

    public TrailHome Home { get; }

    public ToolCallRecorder Recorder { get; }

    /// <summary>Numbers of what was stored, in the order told.</summary>
    public List<long> Stored { get; } = [];

    /// <summary>Numbers of what is not stored because of its level, in the order told.</summary>
    public List<long> LeftOut { get; } = [];

    public List<IngestRefusal> Refused { get; } = [];

    public IEnumerable<long> RefusedNumbers => Refused.Select(refusal => refusal.Line);

    public static string Call(string tool, string user = "ann", string more = "") => $$"""{"user":"{{user}}","tool":"{{tool}}","status":"ok"{{more}}}""";

    public Task<IngestSummary> Take(string input, IngestOptions? options = null) => Take(PipeReader.Create(new(Encoding.UTF8.GetBytes(input))), options);

    public Task<IngestSummary> Take(string input, int bytesARead) => Take(PipeReader.Create(
        new SlowStream(Encoding.UTF8.GetBytes(input), bytesARead), new StreamPipeReaderOptions(bufferSize: bytesARead, minimumReadSize: 1)));

    public Task<IngestSummary> Take(Stream input, MemoryPool<byte> pool) => Take(PipeReader.Create(input, new StreamPipeReaderOptions(pool, bufferSize: 64 * 1024)));

    public Task<IngestSummary> Take(PipeReader input, IngestOptions? options = null) =>
        RecordIngest.IngestAsync(input, Recorder, (options ?? new()) with { Stored = Stored.Add, LeftOut = LeftOut.Add, Refused = Refused.Add });

    /// <summary>The stored records of a user, in order.</summary>
    public IReadOnlyList<JsonElement> Lines(string user = "ann")
    {
        var folder = Home.AuditPath(Home.UserFolder(user));
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(ReadLines).Select(line => JsonDocument.Parse(line).RootElement)]
            : [];
    }

    public IEnumerable<string?> Tools(string user = "ann") => Lines(user).Select(line => line.GetProperty("tool").GetString());

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        _folder.Dispose();
    }

    // The recorder may hold the file open, and be in the middle of a write: what has no LF yet is no line.
    private static List<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return [.. reader.ReadToEnd().Split('\n')[..^1]];
    }
}
