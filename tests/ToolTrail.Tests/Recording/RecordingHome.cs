using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Recording;

/// <summary>A home of a test's own, recorders on it, and what then stands in its files.</summary>
internal sealed class RecordingHome : IDisposable
{
    private readonly TempFolder _folder = new();

    public RecordingHome(TimeZoneInfo? zone = null) => Home = TrailHome.Open(_folder.At("home"), zone);

    public TrailHome Home { get; }

    public string SystemPath(params ReadOnlySpan<string> parts) => Path.Combine([Home.SystemPath, .. parts]);

    public ToolCallRecorder Recorder(TrailSettings? settings = null, TimeProvider? time = null) =>
        ToolCallRecorder.Open(Home, TrailConfiguration.Fixed(settings ?? new TrailSettings()), time);

    public static ToolCallRecord Call(string user = "ann", string tool = "read_file", string? id = null, DateTimeOffset? time = null) =>
        new() { User = user, Tool = tool, Id = id, Timestamp = time, Arguments = """{"path":"a"}"""u8.ToArray() };

    /// <summary>A user's day files in order.</summary>
    public IReadOnlyList<string> Files(string user = "ann")
    {
        var folder = Home.AuditPath(Home.UserFolder(user));
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>All lines of a user, each of which has to parse.</summary>
    public List<JsonElement> Lines(string user = "ann") => [.. Files(user).SelectMany(File.ReadAllLines).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The lines of a user as "tool status".</summary>
    public IEnumerable<string> Summary(string user = "ann") => Lines(user).Select(line => $"{Text(line, "tool")} {Text(line, "status")}");

    public static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : null;

    public void Dispose() => _folder.Dispose();
}
