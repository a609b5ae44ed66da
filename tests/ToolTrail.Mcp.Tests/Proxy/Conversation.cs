using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Home;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>Both directions of a proxy, fed line by line, in front of a trail of its own.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStream _answers = new();
    private readonly TrailConfiguration _configuration;
    private readonly ToolCallRecorder _recorder;
    private readonly OpenCalls _calls;
    private readonly ClientInspector _client;
    private readonly ServerInspector _server;
    private readonly CallScope _scope;

    public Conversation(TrailSettings? settings = null, string? agent = null)
    {
        var home = TrailHome.Open(_folder.At("home"));
        _configuration = TrailConfiguration.Fixed(settings ?? new TrailSettings());
        _recorder = ToolCallRecorder.Open(home, _configuration);
        _scope = new CallScope(new ToolCallRecord { User = "ada", Tool = "", Agent = agent, Server = "srv", Session = "s1", Source = "mcp-proxy" });
        _calls = new OpenCalls(_recorder, NullLogger.Instance);
        _client = new ClientInspector(_calls, _scope, new LineOutput(_answers), NullLogger.Instance);
        _server = new ServerInspector(_calls, _scope);
    }

    /// <summary>The user's folder of day files.</summary>
    public string AuditFolder => _folder.At("home", "ada", "tool_audit");

    /// <summary>What the proxy itself has answered to the client, and not been asked for yet.</summary>
    public string TakeAnswers()
    {
        var answers = Encoding.UTF8.GetString(_answers.ToArray());
        _answers.SetLength(0);
        return answers;
    }

    /// <summary>The client sends a line.</summary>
    /// <returns>What the server gets.</returns>
    public Task<string> FromClientAsync(string line) => PassAsync(_client, line);

    /// <summary>Somebody else sends a line by the same connection.</summary>
    /// <returns>What the server gets.</returns>
    public Task<string> FromClientAsync(string line, string user) =>
        PassAsync(new ClientInspector(_calls, _scope, new LineOutput(_answers), NullLogger.Instance, user), line);

    /// <summary>The server sends a line.</summary>
    /// <returns>What the client gets.</returns>
    public Task<string> FromServerAsync(string line) => PassAsync(_server, line);

    /// <summary>The client sends lines that all must pass as they are.</summary>
    public async Task ClientSaysAsync(params string[] lines)
    {
        foreach (var line in lines)
            Assert.Equal(line, await FromClientAsync(line));
    }

    /// <summary>The server sends lines that all must pass as they are.</summary>
    public async Task ServerSaysAsync(params string[] lines)
    {
        foreach (var line in lines)
            Assert.Equal(line, await FromServerAsync(line));
    }

    /// <summary>Puts a file where the user's folder has to be: no record can be written any more.</summary>
    public void BreakTheTrail()
    {
        if (Directory.Exists(_folder.At("home", "ada")))
            Directory.Delete(_folder.At("home", "ada"), recursive: true);
        File.WriteAllText(_folder.At("home", "ada"), "");
    }

    /// <summary>Scans a line as if it were too long to be held.</summary>
    /// <returns>Whether it passes.</returns>
    public async Task<bool> LongLineFromClientAsync(string beginning, string rest)
    {
        var line = new SkimmedMessage();
        line.Scan(Encoding.UTF8.GetBytes(beginning));
        var passes = await _client.BeginLongLineAsync(line);
        line.Scan(Encoding.UTF8.GetBytes(rest));
        passes = passes && _client.GoesOn(line);
        await _client.EndLongLineAsync(line);
        return passes;
    }

    /// <summary>Scans a line as if it were too long to be held.</summary>
    public async Task LongLineFromServerAsync(string text)
    {
        var line = new SkimmedMessage();
        line.Scan(Encoding.UTF8.GetBytes(text));
        Assert.True(await _server.BeginLongLineAsync(line));
        await _server.EndLongLineAsync(line);
    }

    /// <summary>The server dies.</summary>
    public Task ServerDiesAsync() => _calls.CloseAsync(ToolCallOutcome.Failed(new ToolCallError("server_exited", "The server ended.")));

    /// <summary>Ends everything, open calls as if the server had died, and reads the trail.</summary>
    public async Task<List<ToolCallRecord>> EndAsync()
    {
        await ServerDiesAsync();
        await _recorder.DisposeAsync();
        return Records();
    }

    /// <summary>What the trail holds now.</summary>
    public List<ToolCallRecord> Records() => Directory.Exists(AuditFolder)
        ? [.. Directory.GetFiles(AuditFolder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => RecordCodec.Decode(Encoding.UTF8.GetBytes(line), TimeZoneInfo.Utc)!)]
        : [];

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        _configuration.Dispose();
        await _answers.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> PassAsync(ILineInspector inspector, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        return Encoding.UTF8.GetString(await inspector.InspectAsync(bytes) ?? bytes);
    }
}
