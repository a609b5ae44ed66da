using System.Text.Json;

namespace ToolTrail.Cli.Tests;

/// <summary><c>disconnect</c>, of what was edited since, made anew, or written by hand.</summary>
public sealed class DisconnectTests : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly AgentHome _agents = new();

    public void Dispose() => _agents.Dispose();

    [Theory]
    [InlineData("vscode", ".config/Code/User/mcp.json", "servers")]
    [InlineData("cursor", ".cursor/mcp.json", "mcpServers")]
    public async Task AProxyThatWasPutThereByHand_StaysAsItIs_BesideOneThatIsPutIn(string host, string file, string section)
    {
        var before = AgentHome.HandWritten.Replace("mcpServers", section, StringComparison.Ordinal);
        var path = _agents.Write(file, before);
        var run = await _agents.RunAsync("connect", host);
        Assert.Contains("'files' is started by a proxy that was put there by hand, and stays as it is.", run.Output, StringComparison.Ordinal);
        Assert.Contains("'notes': npx is started by the proxy", run.Output, StringComparison.Ordinal);
        run = await _agents.RunAsync("disconnect", host);
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));

        run = await _agents.RunAsync("disconnect", host);
        Assert.Contains("Nothing changes.", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_OfWhatNobodyKept_KeepsIt()
    {
        var text = """{"mcpServers":{"a":{"command":"tooltrail","args":["proxy", "--server", "a", "--", "npx"]},"b":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]}}}""";
        var path = _agents.Write(".cursor/mcp.json", text);
        var run = await _agents.RunAsync("disconnect", "cursor");
        Assert.Contains("what was there until now is in mcp.json.before-disconnect.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path + ".before-disconnect"));
        Assert.Equal("""{"mcpServers":{"a":{"command":"npx","args":[]},"b":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_WithoutAnEdit_DoesNotSpeakOfOne()
    {
        var path = _agents.Write(".cursor/mcp.json", """{"mcpServers":{"a":{"command":"tooltrail","args":["proxy","--server","a","--","npx"]},"b":{"command":"b"}}}""");
        await _agents.RunAsync("connect", "cursor");
        var run = await _agents.RunAsync("disconnect", "cursor");
        Assert.DoesNotContain("was changed", run.Output, StringComparison.Ordinal);
        Assert.Contains("What was there before is in mcp.json.before-tooltrail.", run.Output, StringComparison.Ordinal);
        Assert.Equal("""{"mcpServers":{"a":{"command":"npx","args":[]},"b":{"command":"b"}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_OfWhatTheHostWroteAnew_LeavesNothingOfOurs_AndKeepsWhatWasThereBefore()
    {
        var path = _agents.Write(".claude/settings.json", AgentHome.ClaudeCode);
        await _agents.RunAsync("connect", "claude-code");
        File.WriteAllText(path, JsonSerializer.Serialize(AgentHome.Parse(File.ReadAllText(path)), Indented).Replace("\"opus\"", "\"sonnet\"", StringComparison.Ordinal));
        var run = await _agents.RunAsync("disconnect", "claude-code");
        Assert.Contains("The file was changed since it was connected, and keeps that. What was there before is in settings.json.before-tooltrail.", run.Output, StringComparison.Ordinal);
        var changed = AgentHome.ClaudeCode.Replace("\"opus\"", "\"sonnet\"", StringComparison.Ordinal);
        Assert.Equal(JsonSerializer.Serialize(AgentHome.Parse(changed), Indented), File.ReadAllText(path));

        // The next connection keeps what is there now beside what is kept already.
        File.WriteAllText(path, changed);
        Assert.Contains("what was there is in settings.json.before-tooltrail.2.", (await _agents.RunAsync("connect", "claude-code")).Output, StringComparison.Ordinal);
        Assert.Equal((AgentHome.ClaudeCode, changed), (File.ReadAllText(path + ".before-tooltrail"), File.ReadAllText(path + ".before-tooltrail.2")));
        await _agents.RunAsync("disconnect", "claude-code");
        Assert.Equal((AgentHome.ClaudeCode, changed), (File.ReadAllText(path + ".before-tooltrail"), File.ReadAllText(path)));
        Assert.False(File.Exists(path + ".before-tooltrail.2"));
    }

    [Fact]
    public async Task Disconnect_OfWhatWasConnectedInParts_LeavesNoPart()
    {
        var path = _agents.Write(".cursor/mcp.json", """{"mcpServers":{"a":{"command":"a"}}}""");
        await _agents.RunAsync("connect", "cursor");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Servers\":{", "Servers\":{\"b\":{\"command\":\"b\"},", StringComparison.Ordinal));
        Assert.Contains("what was there before it was connected is in mcp.json.before-tooltrail.", (await _agents.RunAsync("connect", "cursor")).Output, StringComparison.Ordinal);
        File.Delete(path + ".before-tooltrail");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Servers\":{", "Servers\":{\"c\":{\"command\":\"c\"},", StringComparison.Ordinal));
        await _agents.RunAsync("connect", "cursor");
        await _agents.RunAsync("disconnect", "cursor");
        Assert.Equal("""{"mcpServers":{"c":{"command":"c"},"b":{"command":"b"},"a":{"command":"a"}}}""", File.ReadAllText(path));
    }

    [Fact]
    public async Task Disconnect_AfterAnEdit_KeepsCommentsAndFieldsAroundWhatWasPutIn()
    {
        var path = _agents.Write(".config/Code/User/mcp.json", AgentHome.VsCode);
        await _agents.RunAsync("connect", "vscode");
        var edited = File.ReadAllText(path).Replace("\"-y\",", "/* yes */ \"-y\",", StringComparison.Ordinal).Replace("\"type\": \"stdio\",", "\"type\": \"stdio\", \"dev\": { },", StringComparison.Ordinal);
        File.WriteAllText(path, edited);
        await _agents.RunAsync("disconnect", "vscode");
        Assert.Equal(
            AgentHome.VsCode.Replace("\"-y\",", "/* yes */ \"-y\",", StringComparison.Ordinal).Replace("\"type\": \"stdio\",", "\"type\": \"stdio\", \"dev\": { },", StringComparison.Ordinal),
            File.ReadAllText(path));

        path = _agents.Write(".gemini/settings.json", "{}");
        await _agents.RunAsync("connect", "gemini");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"BeforeTool\": [", "\"BeforeTool\": [ // before\n", StringComparison.Ordinal).Replace("\"hooks\": {\n", "\"hooks\": {\n // all\n", StringComparison.Ordinal));
        await _agents.RunAsync("disconnect", "gemini");
        var text = File.ReadAllText(path);
        Assert.Contains("// before\n", text, StringComparison.Ordinal);
        Assert.Contains("// all\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tooltrail", text, StringComparison.Ordinal);
        Assert.Equal("BeforeTool", Assert.Single(AgentHome.Parse(text).GetProperty("hooks").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("claude-code", ".claude/settings.json", AgentHome.ClaudeCode, "\"opus\"", "\"sonnet\"")]
    [InlineData("claude-desktop", ".config/Claude/claude_desktop_config.json", AgentHome.ClaudeDesktop, "Alt+Space", "Alt+T")]
    public async Task Disconnect_AfterAnEdit_KeepsTheEdit(string host, string file, string before, string from, string to)
    {
        var path = _agents.Write(file, before);
        await _agents.RunAsync("connect", host);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        await _agents.RunAsync("disconnect", host);
        var text = File.ReadAllText(path);
        Assert.DoesNotContain("tooltrail", text, StringComparison.Ordinal);
        Assert.Contains(to, text, StringComparison.Ordinal);
        Assert.Equal(before.Replace(from, to, StringComparison.Ordinal), text);
    }
}
