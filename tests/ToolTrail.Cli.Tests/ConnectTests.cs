using System.Text;
using System.Text.Json;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary><c>connect</c>, and what it brings back.</summary>
public sealed class ConnectTests : IDisposable
{
    private readonly AgentHome _agents = new();

    public void Dispose() => _agents.Dispose();

    public static TheoryData<string, string, string> Configurations => new()
    {
        { "claude-desktop", ".config/Claude/claude_desktop_config.json", AgentHome.ClaudeDesktop },
        { "cursor", ".cursor/mcp.json", AgentHome.ClaudeDesktop },
        { "vscode", ".config/Code/User/mcp.json", AgentHome.VsCode },
        { "claude-code", ".claude/settings.json", AgentHome.ClaudeCode },
        { "claude-code", ".claude/settings.json", "{}" },
        { "gemini", ".gemini/settings.json", """{ "theme": "GitHub", "hooks": { } }""" },
        // Line ends, byte order marks, tabs.
        { "vscode", ".config/Code/User/mcp.json", AgentHome.VsCode.ReplaceLineEndings("\r\n") },
        { "claude-code", ".claude/settings.json", "\uFEFF" + AgentHome.ClaudeCode.ReplaceLineEndings("\r\n").Replace("  ", "\t", StringComparison.Ordinal) },
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
        var path = _agents.Write(file, before);
        var other = Path.Combine(_agents.Home.Folder, "other trail");
        var connected = await _agents.RunAsync("connect", host, "--home", other);
        Assert.Equal((0, ""), (connected.ExitCode, connected.Errors));
        Assert.Contains(other, File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, AgentHome.Parse(File.ReadAllText(path)).ValueKind);
        Assert.Contains("is connected already", (await _agents.RunAsync("connect", host)).Output, StringComparison.Ordinal);

        // Whatever it was connected with.
        var disconnected = await _agents.RunAsync("disconnect", host);
        Assert.Equal((0, ""), (disconnected.ExitCode, disconnected.Errors));
        Assert.Equal(Encoding.UTF8.GetBytes(before), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));

        // Also where what was kept is lost: what is put in can be taken out.
        await _agents.RunAsync("connect", host);
        File.Delete(path + ".before-tooltrail");
        await _agents.RunAsync("disconnect", host);
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
        var path = _agents.Write(file, before);
        Assert.Contains($"what was there is in {Path.GetFileName(path)}.before-tooltrail.", (await _agents.RunAsync("connect", host)).Output, StringComparison.Ordinal);
        AssertNamesDiffer(AgentHome.Parse(File.ReadAllText(path)));
        await _agents.RunAsync("disconnect", host);
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
        var path = _agents.Write(file, before);
        var run = await _agents.RunAsync("connect", host);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("cannot be read, and stays as it is: It", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Connect_OfALink_ChangesWhatItLeadsTo_AndItStaysALink()
    {
        var target = _agents.Write("dotfiles/settings.json", AgentHome.ClaudeCode);
        var path = Path.Combine(_agents.Home.Folder, ".claude", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        await _agents.RunAsync("connect", "claude-code");
        Assert.Contains("tooltrail", File.ReadAllText(target), StringComparison.Ordinal);
        await _agents.RunAsync("disconnect", "claude-code");
        Assert.Equal(AgentHome.ClaudeCode, File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(path).LinkTarget);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task Connect_OfALinkToNothing_MakesWhatItLeadsTo_AndDisconnectRemovesThat()
    {
        var target = Path.Combine(_agents.Home.Folder, "dotfiles", "settings.json");
        var path = Path.Combine(_agents.Home.Folder, ".claude", "settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        Assert.Equal((0, ""), await _agents.ExitOfAsync("connect", "claude-code"));
        Assert.Contains("tooltrail", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal((0, ""), await _agents.ExitOfAsync("disconnect", "claude-code"));
        Assert.False(File.Exists(target));
        Assert.Equal(target, new FileInfo(path).LinkTarget);
    }

    [Fact]
    public async Task Connect_OfServers_PutsTheProxyBeforeEachCommand_AndKeepsWhatStandsAround()
    {
        var path = _agents.Write(".config/Code/User/mcp.json", AgentHome.VsCode);
        var run = await _agents.RunAsync("connect", "vscode");
        Assert.Contains("'github' is no command but a server over HTTP", run.Output, StringComparison.Ordinal);
        var text = File.ReadAllText(path);
        foreach (var comment in new[] { "// What every workspace gets.", "// not a command", "/* the newest */", "// a comma too many" })
            Assert.Contains(comment, text, StringComparison.Ordinal);
        var server = AgentHome.Parse(text).GetProperty("servers").GetProperty("playwright");
        Assert.Equal(ToolProcess.Path, server.GetProperty("command").GetString());
        Assert.Equal(
            ["proxy", "--server", "playwright", "--home", _agents.Home.Path, "--", "npx", "-y", "@playwright/mcp@latest"],
            server.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
    }

    [Fact]
    public async Task Connect_OfHooks_AddsThemToThoseThatAreThere()
    {
        var path = _agents.Write(".claude/settings.json", AgentHome.ClaudeCode);
        await _agents.RunAsync("connect", "claude-code");
        var settings = AgentHome.Parse(File.ReadAllText(path));
        Assert.Equal("opus", settings.GetProperty("model").GetString());
        var after = settings.GetProperty("hooks").GetProperty("PostToolUse");
        Assert.Equal((2, "Edit|Write"), (after.GetArrayLength(), after[0].GetProperty("matcher").GetString()));
        foreach (var each in new[] { "PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionDenied", "UserPromptSubmit", "Stop", "SubagentStop", "SessionEnd" })
            Assert.Contains(" hook claude-code", settings.GetProperty("hooks").GetProperty(each).EnumerateArray().Last().GetProperty("hooks")[0].GetProperty("command").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_WithoutAConfiguration_MakesOneOfHooks_AndDisconnectRemovesIt()
    {
        Assert.Equal(0, (await _agents.RunAsync("connect", "claude-code")).ExitCode);
        var path = Path.Combine(_agents.Home.Folder, ".claude", "settings.json");
        Assert.True(File.Exists(path));
        await _agents.RunAsync("disconnect", "claude-code");
        Assert.False(File.Exists(path));
        Assert.Contains("no MCP servers yet", (await _agents.RunAsync("connect", "cursor")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_ShowsAndChangesNothing()
    {
        var path = _agents.Write(".config/Claude/claude_desktop_config.json", AgentHome.ClaudeDesktop);
        var run = await _agents.RunAsync("connect", "claude-desktop", "--dry-run");
        Assert.Equal(AgentHome.ClaudeDesktop, File.ReadAllText(path));
        Approved.Verify("connect-dry-run", _agents.Home.Normalize(run.Output).Replace(_agents.Home.Folder, "{folder}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AConfigurationThatIsNoJson_StaysAsItIs_AndIsNamedWithTheLine()
    {
        const string Broken = "{\n  \"mcpServers\": ]\n}";
        var path = _agents.Write(".cursor/mcp.json", Broken);
        var run = await _agents.RunAsync("connect", "cursor");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tooltrail: {path}, the configuration of Cursor, cannot be read, and stays as it is: line 2: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", run.Errors, StringComparison.Ordinal);
        Assert.Equal(Broken, File.ReadAllText(path));
    }

    [Fact]
    public async Task AWrappedServer_Works_AndItsCallsAreInTheTrail()
    {
        var path = _agents.Write(".cursor/mcp.json", $$$"""{"mcpServers":{"notes":{"command":"{{{BuiltProgram.PathOf("McpServer")}}}"} } }""");
        await _agents.RunAsync("connect", "cursor");
        var wrapped = AgentHome.Parse(File.ReadAllText(path)).GetProperty("mcpServers").GetProperty("notes");

        await using var client = ToolProcess.StartProgram(
            BuiltProgram.PathOf("McpClient"),
            [wrapped.GetProperty("command").GetString()!, .. wrapped.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)],
            environment: _agents.Environment);
        Assert.Equal("buy milk\n", (await client.FinishAsync()).Output);
        var proxied = (await _agents.Home.RunAsync("tail", "--json")).Lines.Where(line => Json.Text(line, "source") == "mcp-proxy");
        Assert.Equal(("read_note", "notes"), (Json.Text(proxied.Single(), "tool"), Json.Text(proxied.Single(), "server")));
    }

    // No object names a member twice.
    private static void AssertNamesDiffer(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            Assert.Distinct(value.EnumerateObject().Select(member => member.Name));
        foreach (var child in value.ValueKind switch { JsonValueKind.Object => value.EnumerateObject().Select(member => member.Value), JsonValueKind.Array => value.EnumerateArray(), _ => Array.Empty<JsonElement>().AsEnumerable() })
            AssertNamesDiffer(child);
    }
}
