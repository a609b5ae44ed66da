using System.Net.Sockets;
using System.Text.RegularExpressions;
using ToolTrail.Home;
using ToolTrail.Server.Access;
using ToolTrail.Server.Keys;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Processes;

/// <summary><c>tooltrail serve</c>, as a process.</summary>
public sealed partial class ServeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string HomePath => _folder.At("home");

    private string FirstKeyPath => ServeProcess.FirstKeyPath(HomePath);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_PrintsItsAddress_AndHowToSignIn()
    {
        await using var serve = await ServeProcess.StartAsync(HomePath);
        using var client = serve.Client(HomePath);

        Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/api/audit/recent"));
        Approved.Verify("welcome", serve.Welcome
            .Replace(HomePath, "HOME", StringComparison.Ordinal)
            .Replace($":{client.BaseAddress!.Port}", ":PORT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstStart_OfAUser_WarnsOfNothing_AndLeavesNothingBesideTheHome()
    {
        var user = _folder.At("user");
        Directory.CreateDirectory(user);
        await using var serve = await ServeProcess.StartAsync(HomePath, environment: new Dictionary<string, string?> { ["HOME"] = user });
        var run = await serve.EndAsync("TERM");

        Assert.DoesNotContain("warn", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(user));
    }

    [Fact]
    public async Task FirstStart_WithoutATerminal_WritesTheKeyToAFileOfItsOwnersAlone_AndLogsItsPathOnly()
    {
        await using var serve = await ServeProcess.StartAsync(HomePath);
        var key = ServeProcess.FirstKey(HomePath);
        var run = await serve.EndAsync("TERM");

        Assert.Contains(FirstKeyPath, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(key, serve.Welcome + run.Output + run.Errors, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FirstKeyPath));
        Assert.Equal(Role.Admin, Assert.Single(ApiKeyAdministration.List(TrailHome.OpenForReading(HomePath))).Role);
    }

    [Fact]
    public async Task FirstStart_OnATerminal_PrintsTheKeyOnce_AndKeepsItNowhere()
    {
        string key;
        await using (var serve = await ServeProcess.StartOnTerminalAsync(HomePath))
        {
            key = KeyPattern().Match(serve.Welcome).Value;
            using var client = serve.Client(HomePath, key);
            Assert.Equal(HttpStatusCode.OK, await client.StatusOfAsync("/api/audit/recent"));
        }

        await using var again = await ServeProcess.StartOnTerminalAsync(HomePath);
        Assert.DoesNotMatch(KeyPattern(), again.Welcome);
        Assert.False(File.Exists(FirstKeyPath));
        // .NET would meet the lock that a running server holds on its mark.
        await using var grep = ToolProcess.StartProgram("grep", ["-rF", key, HomePath]);
        Assert.Equal(1, (await grep.FinishAsync()).ExitCode);
    }

    [Fact]
    public async Task Serve_OnAPortThatIsTaken_SaysWhatToDo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var run = await ToolProcess.RunAsync(["serve", "--home", HomePath, "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is taken", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--urls", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(FirstKeyPath));
    }

    [Fact]
    public async Task Serve_BeyondLoopback_WithoutTls_IsRefused_UnlessTheSwitchIsGiven()
    {
        var refused = await ToolProcess.RunAsync(["serve", "--home", HomePath, "--urls", "http://0.0.0.0:0"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--allow-insecure", refused.Errors, StringComparison.Ordinal);

        await using var allowed = await ServeProcess.StartAsync(HomePath, "http://0.0.0.0:0", options: "--allow-insecure");
        Assert.Contains("http://0.0.0.0:", allowed.Welcome, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Serve_ToldToEnd_PutsEverythingOnDisk_AndEndsWell(string signal)
    {
        await using var serve = await ServeProcess.StartAsync(HomePath);
        using var client = serve.Client(HomePath);
        // Recorded in the background: written and synced when it suits.
        for (var i = 0; i < 20; i++)
            await client.GetJsonAsync($"/api/audit/recent?limit={i + 1}");

        var run = await serve.EndAsync(signal);

        Assert.Equal(0, run.ExitCode);
        var text = string.Concat(Directory.GetFiles(Path.Combine(HomePath, "tooltrail", "tool_audit"), "*.jsonl").Select(File.ReadAllText));
        Assert.Equal(20, text.Split('\n').Count(line => line.Contains("\"tooltrail.read\"", StringComparison.Ordinal)));
        await using var again = await ServeProcess.StartAsync(HomePath);
        Assert.DoesNotContain(Directory.EnumerateFiles(HomePath, "*.jsonl", SearchOption.AllDirectories), path =>
            File.ReadAllText(path).Contains("tooltrail.recovery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_ToldToEnd_WhileAnUploadIsOpen_EndsWell_AndKeepsWhatItHadStored()
    {
        await using var serve = await ServeProcess.StartAsync(HomePath);
        using var client = serve.Client(HomePath);
        using var upload = new OpenUpload(client.BaseAddress!, ServeProcess.FirstKey(HomePath));
        await upload.SendAsync("""{"user":"alice","tool":"t","status":"ok"}""" + "\n");
        await Eventually.HoldsAsync("the record is stored", async () =>
            (await client.GetJsonAsync("/api/audit/recent?user=alice")).GetProperty("records").GetArrayLength() == 1);

        var run = await serve.EndAsync("TERM");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(HomePath, ".tooltrail", "running")));
    }

    [Fact]
    public async Task Serve_WithTheStandardVariable_ExportsByOtlp()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var environment = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address };
        await using var serve = await ServeProcess.StartAsync(HomePath, environment: environment);
        using var client = serve.Client(HomePath);
        await client.GetJsonAsync("/api/audit/recent");

        await serve.EndAsync("TERM");

        Assert.Contains("tooltrail.", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("/api/audit/recent", collector.Received("traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameId_IsAcknowledged_AndStoredOnce_AcrossKillAndRestart()
    {
        string[] ids = [.. Enumerable.Range(10, 20).Select(i => $"019ab4c0-0000-7000-8000-0000000000{i}")];
        var body = string.Join('\n', ids.Select(id => $$"""{"id":"{{id}}","user":"alice","tool":"t","status":"ok"}"""));
        for (var round = 0; round < 3; round++)
        {
            await using var serve = await ServeProcess.StartAsync(HomePath);
            using var client = serve.Client(HomePath);

            using var response = await client.PostRecordsAsync(body);

            Assert.Equal(ids.Length, (await response.JsonAsync()).GetProperty("stored").GetInt64());
            await serve.EndAsync("KILL");
        }

        var lines = Directory.GetFiles(Path.Combine(HomePath, "alice", "tool_audit"), "*.jsonl").SelectMany(File.ReadAllLines).ToList();
        Assert.All(ids, id => Assert.Single(lines, line => line.Contains(id, StringComparison.Ordinal)));
    }

    [GeneratedRegex("tt_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")]
    private static partial Regex KeyPattern();
}
