using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Tests.Support;
using Role = ToolTrail.Server.Access.Role;

namespace ToolTrail.Server.Tests.AgentView;

/// <summary>What an agent sees of the trail at <c>/mcp</c>, by a real client.</summary>
public sealed class AgentViewTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task AnAgent_SeesItsOwnUsersCallsAlone_WhateverItAsks(string version)
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "others");
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"), version);
        Assert.Equal(["audit_recent", "audit_stats", "audit_verify", "file_read"], (await client.ListToolsAsync(cancellationToken: Cancel)).Select(tool => tool.Name).Order(StringComparer.Ordinal));

        foreach (var user in new[] { null, "alice", "bob", "*" })
        {
            var recent = await AskAsync(client, "audit_recent", new() { ["user"] = user, ["tool"] = "m*" });
            Assert.Equal(["mine"], recent.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("tool").GetString()));
            var stats = await AskAsync(client, "audit_stats", new() { ["user"] = user });
            Assert.DoesNotContain("others", stats.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnAdmin_SeesAll_AndMayChoose()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "a");
        await server.RecordAsync("bob", "b");
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.Admin));
        Assert.Equal(2, (await AskAsync(client, "audit_recent", new() { ["tool"] = "?" })).GetProperty("records").GetArrayLength());
        Assert.Equal("b", (await AskAsync(client, "audit_recent", new() { ["user"] = "bob", ["tool"] = "?" })).GetProperty("records")[0].GetProperty("tool").GetString());
    }

    [Theory]
    [InlineData("tool", "re*")]
    [InlineData("status", "error")]
    [InlineData("session", "s1")]
    [InlineData("agent", "clau*")]
    [InlineData("source", "claude-code")]
    [InlineData("callId", "toolu_1")]
    public async Task EachFilter_LeavesWhatItNames(string filter, string value)
    {
        await using var server = await TestServer.StartAsync();
        var call = new ToolCallRecord { User = "alice", Tool = "read", Status = ToolCallStatus.Error, Session = "s1", Agent = "claude", Source = "claude-code", CallId = "toolu_1" };
        await server.Recorder.RecordAsync(call, DeliveryMode.Durable, Cancel);
        await server.RecordAsync("alice", "other");
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));
        var records = (await AskAsync(client, "audit_recent", new() { [filter] = value })).GetProperty("records");
        Assert.Equal(["read"], records.EnumerateArray().Select(record => record.GetProperty("tool").GetString()));
    }

    [Fact]
    public async Task APage_NamesTheNext()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var tool in new[] { "a", "b", "c" })
            await server.RecordAsync("alice", tool);
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));
        List<string?> seen = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await AskAsync(client, "audit_recent", new() { ["tool"] = "?", ["limit"] = 2, ["cursor"] = cursor });
            seen.AddRange(page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("tool").GetString()));
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal(["c", "b", "a"], seen);
    }

    [Fact]
    public async Task EachAnswer_CarriesTheVerdict()
    {
        await using var server = await TestServer.StartAsync();
        await server.SealAsync("alice");
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));
        var verdict = (await AskAsync(client, "audit_verify", [])).GetProperty("verdict");
        Assert.True(verdict.GetProperty("intact").GetBoolean());
        Assert.True(verdict.GetProperty("verified")[0].GetProperty("sealed_lines").GetInt64() >= 1);

        // Changed: whoever asks is told. Another span of days is another verdict.
        var (path, _) = server.FileOf("alice");
        File.WriteAllText(path, File.ReadAllText(path).Replace("read_file", "read_fool", StringComparison.Ordinal));
        var changed = (await AskAsync(client, "audit_recent", new() { ["days"] = 2 })).GetProperty("verdict");
        Assert.False(changed.GetProperty("intact").GetBoolean());
        Assert.Contains("line 0", changed.GetProperty("findings")[0].GetString(), StringComparison.Ordinal);
        Assert.False((await AskAsync(client, "audit_stats", new() { ["days"] = 2 })).GetProperty("verdict").GetProperty("intact").GetBoolean());
        Assert.True((await ReadAsync(client, path)).More.GetProperty("verdict").TryGetProperty("verified", out _));
    }

    [Fact]
    public async Task ItsOwnCalls_AreRecorded_AndWhoReadWhatToo()
    {
        await using var server = await TestServer.StartAsync();
        await using (var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice")))
        {
            await AskAsync(client, "audit_stats", []);
            await TextAsync(client, "file_read", new() { ["path"] = "/etc/passwd" });
        }

        Assert.Equal(
            [("audit_stats", "ok"), ("file_read", "error")],
            (await server.RecordsAsync("alice")).Select(record => (record.Tool, record.Status.Value)));
        Assert.All(await server.RecordsAsync("alice"), record => Assert.Equal(("mcp-server", "tooltrail"), (record.Source, record.Server)));
        Assert.Equal(
            [("alice", "audit_stats", ""), ("alice", "file_read", "/etc/passwd")],
            (await server.ReadsAsync()).Select(read => (read.GetProperty("user").GetString()!, read.GetProperty("query").GetString()!, read.TryGetProperty("path", out var path) ? path.GetString()! : "")));
    }

    [Theory]
    [InlineData(Role.User, "alice")]
    [InlineData(Role.Admin)]
    public async Task AConfiguredFolderAroundTheHome_OpensNothingOfIt(Role role, params string[] users)
    {
        var roots = new List<string>();
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", FileRoots = roots });
        roots.AddRange([server.Home.Path, Path.GetDirectoryName(server.Home.Path)!, "/"]);
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "others");
        await using var client = await ConnectAsync(server, await server.KeyAsync(role, users));
        foreach (var system in Directory.GetFiles(server.Home.SystemPath))
            Assert.Contains("not in a folder that may be read", await TextAsync(client, "file_read", new() { ["path"] = system }), StringComparison.Ordinal);
        var answer = await TextAsync(client, "file_read", new() { ["path"] = server.FileOf("bob").Path });
        Assert.Equal(role == Role.Admin, answer.Contains("others", StringComparison.Ordinal));
        Assert.Contains("root:", await TextAsync(client, "file_read", new() { ["path"] = "/etc/passwd" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_OfItsOwnFolder_AndOfTheConfiguredOnes_AreRead()
    {
        using var folder = new TempFolder();
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", FileRoots = [folder.Path] });
        await server.RecordAsync("alice", "mine");
        File.WriteAllText(folder.At("long.txt"), new string('ä', 40_000));
        File.WriteAllBytes(folder.At("binary"), [1, 2, 0, 3]);
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));

        Assert.Contains("\"mine\"", await TextAsync(client, "file_read", new() { ["path"] = $"tool_audit/{Path.GetFileName(server.FileOf("alice").Path)}" }), StringComparison.Ordinal);
        var (text, more) = await ReadAsync(client, folder.At("long.txt"));
        Assert.Equal((25_600, 51_200, 80_000), (text.Length, more.GetProperty("next").GetInt32(), more.GetProperty("length").GetInt32()));
        (text, more) = await ReadAsync(client, folder.At("long.txt"), 51_200);
        Assert.Equal((14_400, JsonValueKind.Null), (text.Length, more.GetProperty("next").ValueKind));
        Assert.Contains("binary", await TextAsync(client, "file_read", new() { ["path"] = folder.At("binary") }), StringComparison.Ordinal);
        Assert.Contains("is no file", await TextAsync(client, "file_read", new() { ["path"] = "tool_audit" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ArgumentsThatCannotBeRead_AreToldToTheAgent()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));

        Assert.Contains("'path'", await TextAsync(client, "file_read", []), StringComparison.Ordinal);
        Assert.Contains("not as the tool describes them", await TextAsync(client, "audit_recent", new() { ["limit"] = "many" }), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_OfOthers_AreNotRead_ByAnyName()
    {
        using var folder = new TempFolder();
        await using var server = await TestServer.StartAsync(new ServerSettings { Urls = "http://127.0.0.1:0", FileRoots = [folder.At("allowed")] });
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "secret");
        await server.RecordAsync("alice2", "secret");
        var own = Path.Combine(server.Home.Path, "alice");
        var others = server.FileOf("bob").Path;
        Directory.CreateDirectory(folder.At("allowed"));
        File.CreateSymbolicLink(folder.At("allowed", "link"), others);
        File.CreateSymbolicLink(Path.Combine(own, "link"), others);
        Directory.CreateSymbolicLink(Path.Combine(own, "folder"), Path.GetDirectoryName(others)!);
        await ToolProcess.StartProgram("mkfifo", [Path.Combine(own, "pipe")]).FinishAsync();

        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));
        string[] names =
        [
            others, $"../bob/tool_audit/{Path.GetFileName(others)}", $"tool_audit/../../bob/tool_audit/{Path.GetFileName(others)}", "link", $"folder/{Path.GetFileName(others)}",
            folder.At("allowed", "link"), $"{own}2/tool_audit/{Path.GetFileName(others)}", $"..%2fbob/tool_audit/{Path.GetFileName(others)}", $"file://{others}", $"/proc/self/root{others}",
            Path.Combine(server.Home.SystemPath, "digest.key"), "/etc/passwd", "/dev/zero", "pipe", "", ".", "~/.ssh/id_rsa", $"{others}\0.txt",
        ];
        foreach (var name in names)
        {
            var answer = await TextAsync(client, "file_read", new() { ["path"] = name });
            Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
            Assert.Contains("'", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ALinkThatIsExchangedAllTheTime_NeverLeadsOut()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "secret");
        var link = Path.Combine(server.Home.Path, "alice", "link");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var exchanging = Task.Run(
            () =>
            {
                string[] targets = [server.FileOf("alice").Path, server.FileOf("bob").Path];
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    File.CreateSymbolicLink($"{link}.new", targets[i % 2]);
                    File.Move($"{link}.new", link, overwrite: true);
                }
            },
            Cancel);
        await using var client = await ConnectAsync(server, await server.KeyAsync(Role.User, "alice"));
        var answers = new List<string>();
        for (var i = 0; i < 300; i++)
            answers.Add(await TextAsync(client, "file_read", new() { ["path"] = "link" }));
        await stop.CancelAsync();
        await exchanging;
        Assert.DoesNotContain(answers, answer => answer.Contains("secret", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.Contains("mine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AKeyThatMayNotRead_IsRefused()
    {
        await using var server = await TestServer.StartAsync();
        var key = await server.KeyAsync(Role.Producer, "alice");
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(server, key));
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(server, "nonsense"));
    }

    [Fact]
    public async Task OverStandardInput_TheUserIsTheCommandLines()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            await recorder.RecordAsync(new ToolCallRecord { User = "ada", Tool = "mine", Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
            await recorder.RecordAsync(new ToolCallRecord { User = "bob", Tool = "others", Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
        }

        var errors = new ConcurrentQueue<string>();
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = ToolProcess.Path,
            Arguments = ["mcp", "--home", home.Path, "--user", "ada"],
            StandardErrorLines = errors.Enqueue,
        });
        await using (var client = await McpClient.CreateAsync(transport, cancellationToken: Cancel))
        {
            Assert.DoesNotContain("others", await TextAsync(client, "audit_recent", new() { ["user"] = "bob" }), StringComparison.Ordinal);
            Assert.Equal("'/etc/passwd' is not in a folder that may be read, or is not there.", await TextAsync(client, "file_read", new() { ["path"] = "/etc/passwd" }));
        }

        // A refusal is an answer: nothing to tell of on standard error.
        Assert.Empty(errors);
        await Eventually.HoldsAsync("its own calls are recorded", () => Task.FromResult(home.Outcomes() is ["mine ok", "audit_recent ok", "file_read error"]));
    }

    [Fact]
    public async Task TheTypeScriptClient_SeesTheSame()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "others");
        await using var node = ToolProcess.StartProgram(
            "node", ["agent-view.mjs", new Uri(server.Address, "/mcp").ToString(), await server.KeyAsync(Role.User, "alice")], SourceTree.PathOf("tests", "peers"));
        var run = await node.FinishAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("audit_recent,audit_stats,audit_verify,file_read\nmine\n", run.Output);
    }

    private static Task<McpClient> ConnectAsync(TestServer server, string key, string version = "2026-07-28") => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Address, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        }),
        new McpClientOptions { ProtocolVersion = version },
        cancellationToken: Cancel);

    private static async Task<JsonElement> AskAsync(McpClient client, string tool, Dictionary<string, object?> arguments) =>
        JsonDocument.Parse(await TextAsync(client, tool, arguments)).RootElement;

    private static async Task<(string Text, JsonElement More)> ReadAsync(McpClient client, string path, long offset = 0)
    {
        var result = await client.CallToolAsync("file_read", new Dictionary<string, object?> { ["path"] = path, ["offset"] = offset }, cancellationToken: Cancel);
        var blocks = result.Content.Cast<TextContentBlock>().ToList();
        Assert.Equal(2, blocks.Count);
        return (blocks[0].Text, JsonDocument.Parse(blocks[1].Text).RootElement);
    }

    private static async Task<string> TextAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
        return string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
    }
}
