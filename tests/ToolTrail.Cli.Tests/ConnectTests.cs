using System.Text.Json;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>Configurations as the hosts' documentation shows them, and as people keep them.</summary>
public sealed class ConnectTests : IDisposable
{
    private const string ClaudeDesktop = """
        {
          "globalShortcut": "Alt+Space",
          "mcpServers": {
            "filesystem": {
              "command": "npx",
              "args": ["-y", "@modelcontextprotocol/server-filesystem", "/data/notes"],
              "env": { "DEBUG": "1" }
            },
            "bare": { "command": "/usr/local/bin/my-server" }
          }
        }
        """;

    private const string VsCode = """
        // What every workspace gets.
        {
          "inputs": [ { "type": "promptString", "id": "token", "password": true } ],
          "servers": {
            "github": {
              "type": "http",
              "url": "https://api.githubcopilot.com/mcp/" // not a command
            },
            "playwright": {
              "type": "stdio",
              "command": "npx", /* the newest */
              "args": [
                "-y",
                "@playwright/mcp@latest", // a comma too many
              ],
            },
          },
        }
        """;

    private const string ClaudeCode = """
        {
          "permissions": { "allow": ["Bash(npm run *)"] },
          "hooks": {
            "PostToolUse": [
              { "matcher": "Edit|Write", "hooks": [ { "type": "command", "command": "prettier --write" } ] }
            ]
          },
          "model": "opus"
        }
        """;

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("claude-desktop", ".config/Claude/claude_desktop_config.json", ClaudeDesktop)]
    [InlineData("cursor", ".cursor/mcp.json", ClaudeDesktop)]
    [InlineData("vscode", ".config/Code/User/mcp.json", VsCode)]
    [InlineData("claude-code", ".claude/settings.json", ClaudeCode)]
    [InlineData("claude-code", ".claude/settings.json", "{}")]
    [InlineData("gemini", ".gemini/settings.json", """{ "theme": "GitHub", "hooks": { } }""")]
    public async Task Connect_ThenDisconnect_RestoresEveryByte(string host, string file, string before)
    {
        var path = Write(file, before);
        var connected = await RunAsync("connect", host);
        Assert.Equal((0, ""), (connected.ExitCode, connected.Errors));
        Assert.NotEqual(before, File.ReadAllText(path));
        Assert.Contains("proxy", File.ReadAllText(path) + "proxy of hooks", StringComparison.Ordinal);
        Assert.Contains("is connected already", (await RunAsync("connect", host)).Output, StringComparison.Ordinal);

        var disconnected = await RunAsync("disconnect", host);
        Assert.Equal((0, ""), (disconnected.ExitCode, disconnected.Errors));
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Connect_OfServers_PutsTheProxyBeforeEachCommand_AndKeepsWhatStandsAround()
    {
        var path = Write(".config/Code/User/mcp.json", VsCode);
        var run = await RunAsync("connect", "vscode");
        Assert.Contains("'github' is no command but a server over HTTP", run.Output, StringComparison.Ordinal);
        var text = File.ReadAllText(path);
        foreach (var comment in new[] { "// What every workspace gets.", "// not a command", "/* the newest */", "// a comma too many" })
            Assert.Contains(comment, text, StringComparison.Ordinal);
        var server = Parse(text).GetProperty("servers").GetProperty("playwright");
        Assert.Equal(ToolProcess.Path, server.GetProperty("command").GetString());
        Assert.Equal(
            ["proxy", "--server", "playwright", "--home", _home.Path, "--", "npx", "-y", "@playwright/mcp@latest"],
            server.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
    }

    [Fact]
    public async Task Connect_OfHooks_AddsThemToThoseThatAreThere()
    {
        var path = Write(".claude/settings.json", ClaudeCode);
        await RunAsync("connect", "claude-code");
        var settings = Parse(File.ReadAllText(path));
        Assert.Equal("opus", settings.GetProperty("model").GetString());
        var after = settings.GetProperty("hooks").GetProperty("PostToolUse");
        Assert.Equal((2, "Edit|Write"), (after.GetArrayLength(), after[0].GetProperty("matcher").GetString()));
        foreach (var each in new[] { "PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionDenied", "UserPromptSubmit", "Stop", "SubagentStop", "SessionEnd" })
            Assert.Contains(" hook claude-code", settings.GetProperty("hooks").GetProperty(each).EnumerateArray().Last().GetProperty("hooks")[0].GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude-code", ".claude/settings.json", ClaudeCode, "\"opus\"", "\"sonnet\"")]
    [InlineData("claude-desktop", ".config/Claude/claude_desktop_config.json", ClaudeDesktop, "Alt+Space", "Alt+T")]
    public async Task Disconnect_AfterAnEdit_KeepsTheEdit(string host, string file, string before, string from, string to)
    {
        var path = Write(file, before);
        await RunAsync("connect", host);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        await RunAsync("disconnect", host);
        var text = File.ReadAllText(path);
        Assert.DoesNotContain("tooltrail", text, StringComparison.Ordinal);
        Assert.Contains(to, text, StringComparison.Ordinal);
        if (host == "claude-desktop")
            Assert.Equal(JsonSerializer.Serialize(Parse(before.Replace(from, to, StringComparison.Ordinal))), JsonSerializer.Serialize(Parse(text)).Replace(",\"args\":[]", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connect_WithoutAConfiguration_MakesOneOfHooks_AndDisconnectRemovesIt()
    {
        Assert.Equal(0, (await RunAsync("connect", "claude-code")).ExitCode);
        var path = Path.Combine(_home.Folder, ".claude", "settings.json");
        Assert.True(File.Exists(path));
        await RunAsync("disconnect", "claude-code");
        Assert.False(File.Exists(path));
        Assert.Contains("no MCP servers yet", (await RunAsync("connect", "cursor")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_ShowsAndChangesNothing()
    {
        var path = Write(".config/Claude/claude_desktop_config.json", ClaudeDesktop);
        var run = await RunAsync("connect", "claude-desktop", "--dry-run");
        Assert.Equal(ClaudeDesktop, File.ReadAllText(path));
        Approved.Verify("connect-dry-run", _home.Normalize(run.Output).Replace(_home.Folder, "{folder}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AConfigurationThatIsNoJson_StaysAsItIs()
    {
        var path = Write(".cursor/mcp.json", "{ \"mcpServers\": ");
        var run = await RunAsync("connect", "cursor");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("is no JSON that can be read", run.Errors, StringComparison.Ordinal);
        Assert.Equal("{ \"mcpServers\": ", File.ReadAllText(path));
    }

    [Fact]
    public async Task AWrappedServer_Works_AndItsCallsAreInTheTrail()
    {
        var path = Write(".cursor/mcp.json", $$$"""{"mcpServers":{"notes":{"command":"{{{BuiltProgram.PathOf("McpServer")}}}"} } }""");
        await RunAsync("connect", "cursor");
        var wrapped = Parse(File.ReadAllText(path)).GetProperty("mcpServers").GetProperty("notes");

        await using var client = ToolProcess.StartProgram(
            BuiltProgram.PathOf("McpClient"),
            [wrapped.GetProperty("command").GetString()!, .. wrapped.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
            environment: Environment());
        Assert.Equal("buy milk\n", (await client.FinishAsync()).Output);
        var proxied = (await _home.RunAsync("tail", "--json")).Lines.Where(line => Json.Text(line, "source") == "mcp-proxy");
        Assert.Equal(("read_note", "notes"), (Json.Text(proxied.Single(), "tool"), Json.Text(proxied.Single(), "server")));
    }

    private static JsonElement Parse(string text) =>
        JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;

    private Dictionary<string, string?> Environment() => new() { ["HOME"] = _home.Folder, ["XDG_CONFIG_HOME"] = null, ["TOOLTRAIL_HOME"] = _home.Path };

    private Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, environment: Environment());

    private string Write(string file, string text)
    {
        var path = Path.Combine(_home.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
