using System.Text;
using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Hooks;

/// <summary>An agent's http hooks.</summary>
public sealed class HookEndpointTests
{
    private const string Before = """{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"t"}""";
    private const string After = """{"hook_event_name":"PostToolUse","session_id":"s","tool_name":"Bash","tool_input":{"command":"ls"},"tool_use_id":"t","tool_response":"a"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeforeAndAfter_AreOneCallOfTheKeysUser()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        Assert.Equal("{}", await PostAsync(client, "claude-code", Before));
        Assert.Equal("{}", await PostAsync(client, "claude-code", After));
        var records = await server.RecordsAsync("alice");
        Assert.Equal(["started", "ok"], records.Select(record => record.Status.Value));
        Assert.Single(records.Select(record => record.Id).Distinct());
    }

    [Fact]
    public async Task ADeniedCall_IsAnsweredAsTheHostWantsIt()
    {
        await using var server = await TestServer.StartAsync(config: """{"policy":[{"name":"no-shell","effect":"deny","tool":"Bash"}]}""");
        var client = await server.ClientAsync(Role.Producer, "alice");
        Assert.Contains("\"permissionDecision\":\"deny\"", await PostAsync(client, "claude-code", Before), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeniedCallThatCannotBeWritten_IsRefused()
    {
        await using var server = await TestServer.StartAsync(config: """{"policy":[{"name":"no-shell","effect":"deny","tool":"Bash"}]}""");
        var client = await server.ClientAsync(Role.Producer, "alice");
        // The user's folder cannot be made.
        await File.WriteAllTextAsync(Path.Combine(server.Home.Path, "alice"), "", Cancel);
        Assert.Contains("\"permissionDecision\":\"deny\"", await PostAsync(client, "claude-code", Before), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deny", "nonsense", HttpStatusCode.OK)]
    [InlineData("deny", "{\"hook_event_name\":\"PostToolUse\",", HttpStatusCode.BadRequest)]
    [InlineData("deny", null, HttpStatusCode.OK)]
    [InlineData("allow", null, HttpStatusCode.RequestEntityTooLarge)]
    public async Task WhereThePolicyCannotBeAsked_WhatItMightDenyIsRefused(string effect, string? body, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync(config: $$"""{"policy":[{"name":"shell","effect":"{{effect}}","tool":"Bash"}]}""");
        var client = await server.ClientAsync(Role.Producer, "alice");
        body ??= Before.Replace("ls", new string('x', 20 << 20), StringComparison.Ordinal);
        using var response = await client.PostAsync("/api/hooks/claude-code", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK)
            Assert.Contains("\"permissionDecision\":\"deny\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "claude-code", Before, HttpStatusCode.BadRequest)]
    [InlineData("*", "claude-code?user=bob", Before, HttpStatusCode.OK)]
    [InlineData("alice", "claude-code?user=bob", Before, HttpStatusCode.Forbidden)]
    [InlineData("*", "claude-code?user=tooltrail", Before, HttpStatusCode.BadRequest)]
    [InlineData("alice", "emacs", Before, HttpStatusCode.NotFound)]
    [InlineData("alice", "claude-code", "nonsense", HttpStatusCode.BadRequest)]
    public async Task TheUser_IsTheOneThatTheKeyMayWriteFor(string users, string path, string body, HttpStatusCode status)
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, users);
        using var response = await client.PostAsync($"/api/hooks/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task TheTranscript_IsNotRead()
    {
        await using var server = await TestServer.StartAsync();
        var client = await server.ClientAsync(Role.Producer, "alice");
        using var folder = new TempFolder();
        var time = TimeProvider.System.GetUtcNow().ToString("O");
        File.WriteAllLines(folder.At("t.jsonl"),
        [
            $$$"""{"timestamp":"{{{time}}}","message":{"content":[{"type":"tool_use","id":"x","name":"Secret","input":{}}]}}""",
            $$$"""{"timestamp":"{{{time}}}","message":{"content":[{"type":"tool_result","tool_use_id":"x","content":"secret"}]}}""",
        ]);
        await PostAsync(client, "claude-code", $$"""{"hook_event_name":"Stop","session_id":"s","transcript_path":"{{folder.At("t.jsonl")}}"}""");
        Assert.Empty(await server.RecordsAsync("alice"));
    }

    private static async Task<string> PostAsync(HttpClient client, string host, string body)
    {
        using var response = await client.PostAsync($"/api/hooks/{host}", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
