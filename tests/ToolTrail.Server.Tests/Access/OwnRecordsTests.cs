using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Access;

/// <summary>What a key of role user sees: the role an agent gets.</summary>
public sealed class OwnRecordsTests
{
    [Theory]
    [InlineData("/api/audit/recent?user=bob")]
    [InlineData("/api/audit/stats?user=bob")]
    [InlineData("/api/audit/files?user=bob")]
    [InlineData("/api/audit/day?user=bob&date=2026-11-23")]
    [InlineData("/api/audit/proof?user=bob&day=2026-11-23&line=0")]
    [InlineData("/api/audit/verify?user=bob")]
    [InlineData("/api/audit/recent?user=../bob")]
    [InlineData("/api/audit/recent?user=Alice")]
    [InlineData("/api/audit/recent?user=*")]
    [InlineData("/api/audit/recent?user=")]
    public async Task UserKey_AskingForAnother_IsRefusedAndLogged(string path)
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("bob", "secret_tool");
        var client = await server.ClientAsync(Role.User, "alice");

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.Forbidden);
        Assert.DoesNotContain("secret_tool", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(server.Log, line => line.Contains("it may not read the records of", StringComparison.Ordinal));
        Assert.Empty(await server.ReadsAsync());
    }

    [Fact]
    public async Task UserKey_NamingNobody_GetsItsOwn()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("alice", "mine");
        await server.RecordAsync("bob", "other");
        var client = await server.ClientAsync(Role.User, "alice");

        var recent = await client.GetJsonAsync("/api/audit/recent");
        var stats = await client.GetJsonAsync("/api/audit/stats");

        Assert.Equal("mine", Assert.Single(recent.GetProperty("records").EnumerateArray()).GetProperty("tool").GetString());
        Assert.Equal(1, stats.GetProperty("calls").GetInt64());
        Assert.False(stats.TryGetProperty("by_user", out _));
        Assert.Equal("alice", (await client.GetJsonAsync("/api/audit/files")).GetProperty("user").GetString());
    }

    [Fact]
    public async Task UserKey_OfSeveralUsers_NamesOneOfThem()
    {
        await using var server = await TestServer.StartAsync();
        await server.RecordAsync("bob", "b");
        var client = await server.ClientAsync(Role.User, "alice", "bob");

        Assert.Equal(HttpStatusCode.BadRequest, await client.StatusOfAsync("/api/audit/recent"));
        var recent = await client.GetJsonAsync("/api/audit/recent?user=bob");
        Assert.Single(recent.GetProperty("records").EnumerateArray());
    }

    [Fact]
    public async Task UserKey_SeesOnlyRecords_WhoseUserFieldIsItsOwn_WhateverFolderTheyAreIn()
    {
        await using var server = await TestServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        server.WriteDayFile(
            "alice", DayFiles.Line(now, "alice", "mine"), DayFiles.Line(now, "bob", "foreign"), DayFiles.Line(now, "\\u0061lice", "escaped"));
        var client = await server.ClientAsync(Role.User, "alice");

        var recent = await client.GetJsonAsync("/api/audit/recent");
        var day = await client.GetJsonAsync($"/api/audit/day?date={now:yyyy-MM-dd}");
        var stats = await client.GetJsonAsync("/api/audit/stats");

        Assert.Equal(["escaped", "mine"], recent.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("tool").GetString()));
        Assert.Equal(["mine", "escaped"], day.EnumerateArray().Select(record => record.GetProperty("tool").GetString()));
        Assert.Equal(2, stats.GetProperty("calls").GetInt64());
    }
}
