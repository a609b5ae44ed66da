using System.Text;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Audit;

public sealed class RecentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_ComeAsStored_ByteForByte()
    {
        await using var server = await TestServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        // Spaces, escapes, an order and a field that this build would not write.
        var line = $$"""{ "user":"alice", "ts":"{{now:yyyy-MM-ddTHH:mm:ss}}Z","tool":"caf\u00e9 é 🚀","args":{"a":1.50},  "status":"ok","x_extra":[null]}""";
        server.WriteDayFile("alice", line);
        var client = await server.ClientAsync(Role.Auditor);

        var body = await client.GetByteArrayAsync("/api/audit/recent?user=alice", Cancel);

        Assert.Equal($$"""{"records":[{{line}}],"next":null,"skipped":0}""", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Pages_FollowedByTheirCursor_HoldEveryRecordOnce_NewestFirst()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 25; i++)
            await server.RecordAsync(i % 2 == 0 ? "alice" : "bob", $"t{i}");
        var client = await server.ClientAsync(Role.Auditor);

        foreach (var (query, expected) in new[] { ("user=alice", 13), ("", 25) })
        {
            var tools = new List<string>();
            string? cursor = null;
            do
            {
                var page = await client.GetJsonAsync($"/api/audit/recent?limit=4&{query}&cursor={Uri.EscapeDataString(cursor ?? "")}");
                tools.AddRange(page.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("tool").GetString()!)
                    .Where(tool => !tool.StartsWith("tooltrail.", StringComparison.Ordinal)));
                cursor = page.GetProperty("next").GetString();
                // The trail grows meanwhile.
                await server.RecordAsync("alice", "tooltrail-later");
            }
            while (cursor is not null);

            Assert.Equal(expected, tools.Count(tool => tool.StartsWith('t') && tool != "tooltrail-later"));
            Assert.Equal(tools.Count, tools.Where(tool => tool != "tooltrail-later").Distinct().Count() + tools.Count(tool => tool == "tooltrail-later"));
        }
    }

    [Fact]
    public async Task Filters_ByToolGlobAndStatus()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "read_file");
        await server.RecordAsync("alice", "write_file", ToolCallStatus.Denied);
        await server.RecordAsync("alice", "shell", ToolCallStatus.Denied);
        var client = await server.ClientAsync(Role.Auditor);

        async Task<string[]> ToolsAsync(string query) => [.. (await client.GetJsonAsync($"/api/audit/recent?user=alice&{query}"))
            .GetProperty("records").EnumerateArray().Select(record => record.GetProperty("tool").GetString()!)];

        Assert.Equal(["write_file", "read_file"], await ToolsAsync("tool=*_file"));
        Assert.Equal(["shell", "write_file"], await ToolsAsync("status=denied"));
        Assert.Equal(["write_file"], await ToolsAsync("tool=*_file&status=denied"));
        Assert.Equal(["shell"], await ToolsAsync("limit=1"));
        Assert.Empty(await ToolsAsync("tool=none"));
    }

    [Fact]
    public async Task Filters_ByAgentSessionSourceAndTheHostsId()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var i in new[] { 1, 2 })
        {
            await server.Recorder.RecordAsync(
                new ToolCallRecord { User = "alice", Tool = $"t{i}", Status = ToolCallStatus.Ok, Agent = $"agent-{i}", Session = $"s{i}", Source = $"source-{i}", CallId = $"c{i}" },
                DeliveryMode.Durable,
                Cancel);
        }

        var client = await server.ClientAsync(Role.Auditor);
        foreach (var query in new[] { "agent=*-2", "session=s2", "source=source-2", "call_id=c2" })
        {
            var records = (await client.GetJsonAsync($"/api/audit/recent?user=alice&{query}")).GetProperty("records");
            Assert.Equal("t2", Assert.Single(records.EnumerateArray()).GetProperty("tool").GetString());
        }
    }

    [Fact]
    public async Task Calls_AreOneRecordEach_AndWhatOtherCapturesTold()
    {
        await using var server = await TestServer.StartAsync();
        var time = $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss}Z";
        string Line(string source, string tool, string status, string id) =>
            $$"""{"ts":"{{time}}","user":"alice","tool":"{{tool}}","args":{},"status":"{{status}}","result_chars":0,"result_snippet":"","id":"{{id}}","call_id":"toolu_1","source":"{{source}}"}""";
        string[] lines = [Line("claude-code", "mcp__x__read", "started", "1"), Line("mcp-proxy", "read", "ok", "2"), Line("claude-code", "mcp__x__read", "ok", "1")];
        server.WriteDayFile("alice", lines);
        var client = await server.ClientAsync(Role.Auditor);

        Assert.Equal(
            $$$"""{"records":[{{{lines[1]}}}],"next":null,"skipped":0,"also":{"0":[{{{lines[2]}}}]}}""", await client.GetStringAsync("/api/audit/recent?user=alice&calls=true", Cancel));
        Assert.Equal(1, (await client.GetJsonAsync("/api/audit/stats?user=alice")).GetProperty("calls").GetInt64());
        Assert.Equal(3, (await client.GetJsonAsync("/api/audit/recent?user=alice")).GetProperty("records").GetArrayLength());
    }

    [Theory]
    [InlineData("days=0", "days")]
    [InlineData("days=99999", "days")]
    [InlineData("days=seven", "days")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("cursor=made-up", "cursor")]
    public async Task WrongParameter_IsNamed(string query, string named)
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Auditor);

        using var response = await client.GetAsync($"/api/audit/recent?user=alice&{query}", Cancel);

        Assert.Contains(named, await response.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reading_StandsInTheTrail_WithWhoAndWhat()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "t");
        var client = await server.ClientAsync(Role.User, "alice");
        var auditor = await server.ClientAsync(Role.Auditor);

        await client.GetJsonAsync("/api/audit/recent?tool=a*");
        await client.GetJsonAsync("/api/audit/stats");
        await client.GetJsonAsync("/api/audit/files");
        await client.GetJsonAsync("/api/audit/day?date=2026-11-23");
        await auditor.GetJsonAsync("/api/audit/recent?limit=1");
        Assert.Equal(HttpStatusCode.BadRequest, await auditor.StatusOfAsync("/api/audit/files"));

        var reads = await server.ReadsAsync();
        Assert.Equal(
            ["alice /api/audit/recent?tool=a*", "alice /api/audit/stats", "alice /api/audit/files", "alice /api/audit/day?date=2026-11-23", "* /api/audit/recent?limit=1"],
            reads.Select(args => $"{args.GetProperty("user")} {args.GetProperty("query")}"));
        Assert.All(reads, args => Assert.Matches("^key [0-9a-f]{12}$", args.GetProperty("by").GetString()!));
    }

    [Fact]
    public async Task Answer_IsNotForCaches()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await (await server.ClientAsync(Role.Auditor)).GetAsync("/api/audit/recent", Cancel);

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }
}
