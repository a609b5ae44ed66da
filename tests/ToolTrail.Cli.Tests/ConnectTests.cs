using System.Text;
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

    // As docs/hosts/mcp-stdio.md teaches it.
    private const string HandWritten = """
        {
          "mcpServers": {
            "files": { "command": "tooltrail", "args": ["proxy", "--user", "ann", "--session", "s1", "--", "npx", "-y", "@modelcontextprotocol/server-filesystem", "."] },
            "plain": { "command": "tooltrail", "args": ["proxy", "--", "my-server"] },
            "named": { "command": "tooltrail", "args": ["proxy", "--server", "other", "--", "my-server"] },
            "notes": { "command": "npx", "args": ["-y", "notes"] }
          }
        }
        """;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    public static TheoryData<string, string, string> Configurations => new()
    {
        { "claude-desktop", ".config/Claude/claude_desktop_config.json", ClaudeDesktop },
        { "cursor", ".cursor/mcp.json", ClaudeDesktop },
        { "vscode", ".config/Code/User/mcp.json", VsCode },
        { "claude-code", ".claude/settings.json", ClaudeCode },
        { "claude-code", ".claude/settings.json", "{}" },
        { "gemini", ".gemini/settings.json", """{ "theme": "GitHub", "hooks": { } }""" },
        // Line ends, byte order marks, tabs.
        { "vscode", ".config/Code/User/mcp.json", VsCode.ReplaceLineEndings("\r\n") },
        { "claude-code", ".claude/settings.json", "\uFEFF" + ClaudeCode.ReplaceLineEndings("\r\n").Replace("  ", "\t", StringComparison.Ordinal) },
        { "cursor", ".cursor/mcp.json", "\uFEFF{\t\"mcpServers\":{\"a\":{\"args\":[\t],\"command\":\"x\"}}}\r\n" },
        // Commas and comments wherever they may stand.
        { "claude-code", ".claude/settings.json", "// one\n{ // two\n  \"hooks\": { /* three */ \"PreToolUse\": [ /* four, */ ], // five\n    \"Stop\": [ { }, // six, \"\n ], }, // seven\n}\n// eight" },
        { "cursor", ".cursor/mcp.json", "{ \"mcpServers\": { \"a\": { \"command\": /* \"x\" */ \"x\", \"args\": [ // why, and\n \"-y\" /* how */ , // many\n ] }, }, }" },
        // Hosts read the last of a name. Half a surrogate is somebody's.
        { "cursor", ".cursor/mcp.json", """{"mcpServers":{},"mcpServers":{"\ud800":{"command":"\ud800","command":"\u0078","args":["\udc00"]}}}""" },
        { "gemini", ".gemini/settings.json", """{"hooks":{},"x":"\ud800","hooks":{"BeforeTool":[],"BeforeTool":[{"hooks":[{"command":"\ud800"}]}]}}""" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task Connect_ThenDisconnect_RestoresEveryByte(string host, string file, string before)
    {
        var path = Write(file, before);
        var other = Path.Combine(_home.Folder, "other trail");
        var connected = await RunAsync("connect", host, "--home", other);
        Assert.Equal((0, ""), (connected.ExitCode, connected.Errors));
        Assert.Contains(other, File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, Parse(File.ReadAllText(path)).ValueKind);
        Assert.Contains("is connected already", (await RunAsync("connect", host)).Output, StringComparison.Ordinal);

        // Whatever it was connected with.
        var disconnected = await RunAsync("disconnect", host);
        Assert.Equal((0, ""), (disconnected.ExitCode, disconnected.Errors));
        Assert.Equal(Encoding.UTF8.GetBytes(before), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));

        // Also where what was kept is lost: what is put in can be taken out.
        await RunAsync("connect", host);
        File.Delete(path + ".before-tooltrail");
        await RunAsync("disconnect", host);
        Assert.Equal(Encoding.UTF8.GetBytes(before), File.ReadAllBytes(path));
    }

    [Theory]
    // What is told only by what was kept.
    [InlineData("claude-code", ".claude/settings.json", "")]
    [InlineData("claude-code", ".claude/settings.json", "\uFEFF \r\n")]
    [InlineData("gemini", ".gemini/settings.json", """{"hooks":null}""")]
    [InlineData("gemini", ".gemini/settings.json", """{"hooks":{"BeforeTool":null,}}""")]
    [InlineData("cursor", ".cursor/mcp.json", """{"mcpServers":{"a":{"command":"x","args":null,},"b":{"command":"x", "args": []}}}""")]
    public async Task Connect_OfNothing_ReplacesIt_AndDisconnectBringsItBack(string host, string file, string before)
    {
        var path = Write(file, before);
        Assert.Contains($"what was there is in {Path.GetFileName(path)}.before-tooltrail.", (await RunAsync("connect", host)).Output, StringComparison.Ordinal);
        AssertNamesDiffer(Parse(File.ReadAllText(path)));
        await RunAsync("disconnect", host);
        Assert.Equal(Encoding.UTF8.GetBytes(before), File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("claude-code", ".claude/settings.json", "null")]
    [InlineData("claude-code", ".claude/settings.json", "[]")]
    [InlineData("claude-code", ".claude/settings.json", """{"hooks":[]}""")]
    [InlineData("claude-code", ".claude/settings.json", """{"hooks":{"Stop":{}}}""")]
    [InlineData("cursor", ".cursor/mcp.json", "[]")]
    [InlineData("cursor", ".cursor/mcp.json", """{"mcpServers":[]}""")]
    [InlineData("cursor", ".cursor/mcp.json", """{"mcpServers":{"a":{"command":"x","args":"y"}}}""")]
    public async Task Connect_OfWhatIsNone_IsRefused(string host, string file, string before)
    {
        var path = Write(file, before);
        var run = await RunAsync("connect", host);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("cannot be read, and stays as it is: It", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Connect_OfALink_ChangesWhatItLeadsTo_AndItStaysALink()
    {
        var target = Write("dotfiles/settings.json", ClaudeCode);
        var path = Path.Combine(_home.Folder, ".claude", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        await RunAsync("connect", "claude-code");
        Assert.Contains("tooltrail", File.ReadAllText(target), StringComparison.Ordinal);
        await RunAsync("disconnect", "claude-code");
        Assert.Equal(ClaudeCode, File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(path).LinkTarget);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Connect_OfALinkToNothing_MakesWhatItLeadsTo_AndDisconnectRemovesThat()
    {
        var target = Path.Combine(_home.Folder, "dotfiles", "settings.json");
        var path = Path.Combine(_home.Folder, ".claude", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        Assert.Equal((0, ""), await ExitOfAsync("connect", "claude-code"));
        Assert.Contains("tooltrail", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal((0, ""), await ExitOfAsync("disconnect", "claude-code"));
        Assert.False(File.Exists(target));
        Assert.Equal(target, new FileInfo(path).LinkTarget);
    }

    [Theory]
    [InlineData("vscode", ".config/Code/User/mcp.json", "servers")]
    [InlineData("cursor", ".cursor/mcp.json", "mcpServers")]
    public async Task AProxyThatWasPutThereByHand_StaysAsItIs_BesideOneThatIsPutIn(string host, string file, string section)
    {
        var before = HandWritten.Replace("mcpServers", section, StringComparison.Ordinal);
        var path = Write(file, before);
        var run = await RunAsync("connect", host);
        Assert.Contains("'files' is started by a proxy that was put there by hand, and stays as it is.", run.Output, StringComparison.Ordinal);
        Assert.Contains("'notes': npx is started by the proxy", run.Output, StringComparison.Ordinal);
        run = await RunAsync("disconnect", host);
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));

        run = await RunAsync("disconnect", host);
        Assert.Contains("Nothing changes.", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_OfWhatNobodyKept_KeepsIt()
    {
        var text = """{"mcpServers":{"a":{"command":"tooltrail","args":["proxy", "--server", "a", "--", "npx"]},"b":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]}}}""";
        var path = Write(".cursor/mcp.json", text);
        var run = await RunAsync("disconnect", "cursor");
        Assert.Contains("what was there until now is in mcp.json.before-disconnect.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path + ".before-disconnect"));
        Assert.Equal("""{"mcpServers":{"a":{"command":"npx","args":[]},"b":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_WithoutAnEdit_DoesNotSpeakOfOne()
    {
        var path = Write(".cursor/mcp.json", """{"mcpServers":{"a":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]},"b":{"command":"b"}}}""");
        await RunAsync("connect", "cursor");
        var run = await RunAsync("disconnect", "cursor");
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Contains("What was there before is in mcp.json.before-tooltrail.", run.Output, StringComparison.Ordinal);
        Assert.Equal("""{"mcpServers":{"a":{"command":"npx","args":[]},"b":{"command":"b"}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_OfWhatTheHostWroteAnew_LeavesNothingOfOurs_AndKeepsWhatWasThereBefore()
    {
        var path = Write(".claude/settings.json", ClaudeCode);
        await RunAsync("connect", "claude-code");
        File.WriteAllText(path, JsonSerializer.Serialize(Parse(File.ReadAllText(path)), Indented).Replace("\"opus\"", "\"sonnet\"", StringComparison.Ordinal));
        var run = await RunAsync("disconnect", "claude-code");
        Assert.Contains("The file was changed since it was connected, and keeps that. What was there before is in settings.json.before-tooltrail.", run.Output, StringComparison.Ordinal);
        var changed = ClaudeCode.Replace("\"opus\"", "\"sonnet\"", StringComparison.Ordinal);
        Assert.Equal(JsonSerializer.Serialize(Parse(changed), Indented), File.ReadAllText(path));

        // The next connection keeps what is there now beside what is kept already.
        File.WriteAllText(path, changed);
        Assert.Contains("what was there is in settings.json.before-tooltrail.2.", (await RunAsync("connect", "claude-code")).Output, StringComparison.Ordinal);
        Assert.Equal((ClaudeCode, changed), (File.ReadAllText(path + ".before-tooltrail"), File.ReadAllText(path + ".before-tooltrail.2")));
        await RunAsync("disconnect", "claude-code");
        Assert.Equal((ClaudeCode, changed), (File.ReadAllText(path + ".before-tooltrail"), File.ReadAllText(path)));
        Assert.False(File.Exists(path + ".before-tooltrail.2"));
    }

    [Fact]
    public async Task Disconnect_OfWhatWasConnectedInParts_LeavesNoPart()
    {
        var path = Write(".cursor/mcp.json", """{"mcpServers":{"a":{"command":"a"}}}""");
        await RunAsync("connect", "cursor");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Servers\":{", "Servers\":{\"b\":{\"command\":\"b\"},", StringComparison.Ordinal));
        Assert.Contains("what was there before it was connected is in mcp.json.before-tooltrail.", (await RunAsync("connect", "cursor")).Output, StringComparison.Ordinal);
        File.Delete(path + ".before-tooltrail");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Servers\":{", "Servers\":{\"c\":{\"command\":\"c\"},", StringComparison.Ordinal));
        await RunAsync("connect", "cursor");
        await RunAsync("disconnect", "cursor");
        Assert.Equal("""{"mcpServers":{"c":{"command":"c"},"b":{"command":"b"},"a":{"command":"a"}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_AfterAnEdit_KeepsCommentsAndFieldsAroundWhatWasPutIn()
    {
        var path = Write(".config/Code/User/mcp.json", VsCode);
        await RunAsync("connect", "vscode");
        var edited = File.ReadAllText(path).Replace("\"-y\",", "/* yes */ \"-y\",", StringComparison.Ordinal).Replace("\"type\": \"stdio\",", "\"type\": \"stdio\", \"dev\": { },", StringComparison.Ordinal);
        File.WriteAllText(path, edited);
        await RunAsync("disconnect", "vscode");
        Assert.Equal(
            VsCode.Replace("\"-y\",", "/* yes */ \"-y\",", StringComparison.Ordinal).Replace("\"type\": \"stdio\",", "\"type\": \"stdio\", \"dev\": { },", StringComparison.Ordinal),
            File.ReadAllText(path));

        path = Write(".gemini/settings.json", "{}");
        await RunAsync("connect", "gemini");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"BeforeTool\": [", "\"BeforeTool\": [ // before\n", StringComparison.Ordinal).Replace("\"hooks\": {\n", "\"hooks\": {\n // all\n", StringComparison.Ordinal));
        await RunAsync("disconnect", "gemini");
        var text = File.ReadAllText(path);
        Assert.Contains("// before\n", text, StringComparison.Ordinal);
        Assert.Contains("// all\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tooltrail", text, StringComparison.Ordinal);
        Assert.Equal("BeforeTool", Assert.Single(Parse(text).GetProperty("hooks").EnumerateObject()).Name);
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
        Assert.Equal(before.Replace(from, to, StringComparison.Ordinal), text);
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
        Assert.Contains("cannot be read, and stays as it is", run.Errors, StringComparison.Ordinal);
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
        JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;

    // No object names a member twice.
    private static void AssertNamesDiffer(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            Assert.Distinct(value.EnumerateObject().Select(member => member.Name));
        foreach (var child in value.ValueKind switch { JsonValueKind.Object => value.EnumerateObject().Select(member => member.Value), JsonValueKind.Array => value.EnumerateArray(), _ => Array.Empty<JsonElement>().AsEnumerable() })
            AssertNamesDiffer(child);
    }

    private Dictionary<string, string?> Environment() => new() { ["HOME"] = _home.Folder, ["XDG_CONFIG_HOME"] = null, ["TOOLTRAIL_HOME"] = _home.Path };

    private async Task<(int ExitCode, string Errors)> ExitOfAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        return (run.ExitCode, run.Errors);
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, environment: Environment());

    private string Write(string file, string text)
    {
        var path = Path.Combine(_home.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
