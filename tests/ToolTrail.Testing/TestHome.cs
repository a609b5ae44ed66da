using System.Text;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Testing;

/// <summary>A home of a test's own, and what stands in it.</summary>
public class TestHome : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Absolute path of the home.</summary>
    public string Path => _folder.At("home");

    /// <summary>A path beside the home.</summary>
    public string Beside(string name) => _folder.At(name);

    /// <summary>Writes the home's configuration.</summary>
    public void Configure(string json)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, ".tooltrail"));
        File.WriteAllText(System.IO.Path.Combine(Path, ".tooltrail", "config.json"), json);
    }

    /// <summary>Opens a recorder on the home.</summary>
    public ToolCallRecorder Recorder(TrailSettings? settings = null) =>
        ToolCallRecorder.Open(TrailHome.Open(Path), TrailConfiguration.Fixed(settings ?? new TrailSettings()));

    /// <summary>A user's records, in file order.</summary>
    public List<ToolCallRecord> Records(string user = "ada")
    {
        var folder = System.IO.Path.Combine(Path, user, "tool_audit");
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
                .Select(line => RecordCodec.Decode(Encoding.UTF8.GetBytes(line), TimeZoneInfo.Utc)!)]
            : [];
    }

    /// <summary>Tool and status of a user's records.</summary>
    public List<string> Outcomes(string user = "ada") => [.. Records(user).Select(record => $"{record.Tool} {record.Status}")];

    /// <summary>How a user's calls stand, as readers show them: one entry a call.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(string user = "ada") =>
        (await new TrailReader(TrailHome.Open(Path)).ReadStatsAsync(user, 1)).ByStatus;

    /// <summary>Removes the home.</summary>
    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
