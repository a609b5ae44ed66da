using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;

namespace ToolTrail.Server.Tests.Support;

/// <summary>A real server on a free port of 127.0.0.1, over a home of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TrailConfiguration _configuration;
    private readonly List<HttpClient> _clients = [];
    private readonly RecordingLogger _log = new();

    private TestServer(ServerSettings settings, string? config)
    {
        Home = TrailHome.Open(_folder.At("home"));
        if (config is not null)
            File.WriteAllText(ConfigPath, config);
        _configuration = config is null
            ? TrailConfiguration.Fixed(new TrailSettings { Server = settings })
            : TrailConfiguration.Load(Home, new Dictionary<string, string> { ["server.urls"] = settings.Urls });
        App = TrailServer.Create(new TrailServerOptions
        {
            Home = Home,
            Configuration = _configuration,
            ConfigureLogging = logging => logging.AddProvider(_log).AddFilter("Microsoft.AspNetCore", LogLevel.Error),
        });
    }

    public TrailHome Home { get; }

    public WebApplication App { get; }

    /// <summary>What was logged, each line with its level and its exception.</summary>
    public IReadOnlyList<string> Log => [.. _log.Lines.Select(line => $"{line.Level}: {line.Text} {line.Exception}".TrimEnd())];

    public string ConfigPath => Path.Combine(Home.SystemPath, "config.json");

    public Uri Address => new(App.Urls.First());

    public ToolCallRecorder Recorder => App.Services.GetRequiredService<ToolCallRecorder>();

    public ApiKeyAdministration Keys => new(Home, Recorder);

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Its settings; by default a free port of 127.0.0.1 and nothing else.</param>
    /// <param name="config">What its <c>config.json</c> holds at first; <c>null</c>: there is no such file, and none is followed.</param>
    /// <param name="endpoints">Adds endpoints that only a test needs.</param>
    public static async Task<TestServer> StartAsync(ServerSettings? settings = null, string? config = null, Action<WebApplication>? endpoints = null)
    {
        var server = new TestServer(settings ?? new ServerSettings { Urls = "http://127.0.0.1:0" }, config);
        endpoints?.Invoke(server.App);
        await server.App.StartAsync(Cancel);
        return server;
    }

    /// <summary>A client without a key.</summary>
    public HttpClient Client(string? key = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client with a new key.</summary>
    public async Task<HttpClient> ClientAsync(Role role, params string[] users) => Client(await KeyAsync(role, users));

    /// <summary>A new key, which the server already knows.</summary>
    public async Task<string> KeyAsync(Role role, params string[] users)
    {
        var created = await Keys.AddAsync(new ApiKeyRequest { Role = role, Users = users }, "test", Cancel);
        App.Services.GetRequiredService<ApiKeyRing>().Reload();
        return created.Text;
    }

    /// <summary>Records a call durably.</summary>
    public Task RecordAsync(string user, string tool, ToolCallStatus? status = null) => Recorder.RecordAsync(
        new ToolCallRecord { User = user, Tool = tool, Status = status ?? ToolCallStatus.Ok, Result = $"{tool} of {user}" }, DeliveryMode.Durable, Cancel).AsTask();

    /// <summary>Records calls of users as another process would that ends in good order: they are sealed.</summary>
    public async Task SealAsync(params IEnumerable<string> users)
    {
        await using var recorder = ToolCallRecorder.Open(Home, _configuration);
        foreach (var user in users)
            await recorder.RecordAsync(new ToolCallRecord { User = user, Tool = "read_file", Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
    }

    /// <summary>The one file of a user, and its day.</summary>
    public (string Path, string Day) FileOf(string user)
    {
        var path = Directory.GetFiles(Home.AuditPath(Home.UserFolder(user)), "*.jsonl").Single();
        return (path, Path.GetFileNameWithoutExtension(path));
    }

    /// <summary>Puts lines into a user's file of today, as another program would have.</summary>
    public void WriteDayFile(string user, params IEnumerable<string> lines) =>
        new DayFiles(Home).Append(user, Home.DayOf(TimeProvider.System.GetUtcNow()), 1, lines);

    /// <summary>The records of a user's last days, oldest first.</summary>
    public async Task<List<ToolCallRecord>> RecordsAsync(string user)
    {
        await Recorder.FlushAsync(Cancel);
        var page = await new TrailReader(Home).ReadRecentAsync(user, limit: 1000, cancellationToken: Cancel);
        return [.. page.Records.Select(record => record.Decode(Home.TimeZone)).Reverse()];
    }

    /// <summary>The arguments of the records of who read what.</summary>
    public async Task<List<JsonElement>> ReadsAsync() => [.. (await RecordsAsync(OwnLines.User)).Where(record => record.Tool == OwnLines.Read)
        .Select(record => JsonSerializer.Deserialize<JsonElement>(record.Arguments.Span))];

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        _clients.ForEach(client => client.Dispose());
        await App.DisposeAsync();
        _configuration.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
