using System.Text;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>A home of a test's own, and the built proxy in front of servers.</summary>
internal sealed class ProxyHome : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>The C# server that these tests bring along.</summary>
    public static string TestServer { get; } = OutputOf("ToolTrail.Mcp.TestServer");

    /// <summary>Absolute path of the home.</summary>
    public string Path => _folder.At("home");

    /// <summary>An empty folder beside it.</summary>
    public string Folder
    {
        get
        {
            var path = _folder.At("data");
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            return Directory.CreateDirectory(path).FullName;
        }
    }

    /// <summary>The command line of a proxy in front of a server.</summary>
    public string[] Proxy(params string[] server) => ["proxy", "--home", Path, "--user", "ada", "--", .. server];

    /// <summary>Starts a proxy.</summary>
    public ToolProcess Start(params string[] server) => ToolProcess.Start(Proxy(server));

    /// <summary>Runs a proxy to its end.</summary>
    public Task<ToolRun> RunAsync(string? input, params string[] server) => ToolProcess.RunAsync(Proxy(server), input);

    /// <summary>Writes the home's configuration.</summary>
    public void Configure(string json)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, ".tooltrail"));
        File.WriteAllText(System.IO.Path.Combine(Path, ".tooltrail", "config.json"), json);
    }

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
    public List<string> Outcomes() => [.. Records().Select(record => $"{record.Tool} {record.Status}")];

    public void Dispose() => _folder.Dispose();

    // artifacts/bin/{project}/{configuration}/
    private static string OutputOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return System.IO.Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, project);
    }
}
