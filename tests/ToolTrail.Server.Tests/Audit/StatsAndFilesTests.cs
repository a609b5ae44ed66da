using System.Text.Json;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Audit;

public sealed class StatsAndFilesTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly string Today = $"{Now:yyyy-MM-dd}";

    [Fact]
    public async Task Stats_CountByToolAndStatusAndUser_WithDurations()
    {
        await using var server = await TestServer.StartAsync();
        server.WriteDayFile("alice", Line("alice", "read", "ok", 10), Line("alice", "read", "error", 20), Line("alice", "write", "ok", 300));
        server.WriteDayFile("bob", Line("bob", "read", "ok", 1000), "{ torn");
        var client = await server.ClientAsync(Role.Auditor);

        // The keys' own records would count too.
        var stats = await client.GetJsonAsync("/api/audit/stats?days=1");
        var users = Names(stats, "by_user").Where(name => name != "tooltrail");
        var alice = await client.GetJsonAsync("/api/audit/stats?user=alice&days=1");

        Assert.Equal(["alice", "bob"], users);
        Assert.Equal(1, stats.GetProperty("skipped").GetInt64());
        Assert.Equal((Today, Today), (alice.GetProperty("from").GetString(), alice.GetProperty("to").GetString()));
        Assert.Equal(3, alice.GetProperty("calls").GetInt64());
        Assert.Equal("""{"error":1,"ok":2}""", alice.GetProperty("by_status").GetRawText());
        Assert.Equal(["read", "write"], Names(alice, "by_tool"));
        Assert.False(alice.TryGetProperty("by_user", out _));
        var read = alice.GetProperty("by_tool")[0];
        Assert.Equal(2, read.GetProperty("calls").GetInt64());
        Assert.Equal(20, read.GetProperty("duration_ms").GetProperty("max").GetDouble());
        Assert.InRange(read.GetProperty("duration_ms").GetProperty("p50").GetDouble(), 10, 20);
        Assert.InRange(read.GetProperty("duration_ms").GetProperty("p95").GetDouble(), 10, 20);
    }

    [Fact]
    public async Task Files_AreTheDaysThereAre_NewestFirst_WithSizesAndCounts()
    {
        await using var server = await TestServer.StartAsync();
        server.WriteDayFile("alice", Line("alice", "read", "ok", 1), "{ torn");
        var folder = server.Home.AuditPath(server.Home.UserFolder("alice"));
        await File.WriteAllTextAsync(Path.Combine(folder, "2026-01-02.jsonl"), Line("alice", "read", "ok", 1) + "\n", TestContext.Current.CancellationToken);
        var client = await server.ClientAsync(Role.Auditor);

        var answer = await client.GetJsonAsync("/api/audit/files?user=alice");

        var days = answer.GetProperty("days").EnumerateArray().ToList();
        Assert.Equal("alice", answer.GetProperty("user").GetString());
        Assert.Equal([Today, "2026-01-02"], days.Select(day => day.GetProperty("date").GetString()));
        Assert.Equal(new FileInfo(Path.Combine(folder, $"{Today}.jsonl")).Length, days[0].GetProperty("bytes").GetInt64());
        Assert.Equal((1, 1, 1), (days[0].GetProperty("parts").GetInt32(), days[0].GetProperty("records").GetInt32(), days[0].GetProperty("skipped").GetInt32()));
        Assert.Empty((await client.GetJsonAsync("/api/audit/files?user=nobody")).GetProperty("days").EnumerateArray());
    }

    private static IEnumerable<string?> Names(JsonElement stats, string member) =>
        stats.GetProperty(member).EnumerateArray().Select(group => group.GetProperty("name").GetString());

    private static string Line(string user, string tool, string status, int duration) =>
        DayFiles.Line(Now, user, tool, status, $"{Guid.NewGuid()}", $",\"duration_ms\":{duration}");
}
