using System.Text.Json;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>A user's home folder, with configurations of agents as the hosts' documentation shows them, and as people keep them.</summary>
internal sealed class AgentHome : IDisposable
{
    public const string ClaudeDesktop = """
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

    public const string VsCode = """
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

    public const string ClaudeCode = """
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
    public const string HandWritten = """
        {
          "mcpServers": {
            "files": { "command": "tooltrail", "args": ["proxy", "--user", "ann", "--session", "s1", "--", "npx", "-y", "@modelcontextprotocol/server-filesystem", "."] },
            "plain": { "command": "tooltrail", "args": ["proxy", "--", "my-server"] },
            "named": { "command": "tooltrail", "args": ["proxy", "--server", "other", "--", "my-server"] },
            "notes": { "command": "npx", "args": ["-y", "notes"] }
          }
        }
        """;

    public void Dispose() => Home.Dispose();

    /// <summary>The folder, and the trail in it.</summary>
    public CliHome Home { get; } = new();

    /// <summary>What makes it the home folder of a program.</summary>
    public Dictionary<string, string?> Environment => new() { ["HOME"] = Home.Folder, ["XDG_CONFIG_HOME"] = null, ["TOOLTRAIL_HOME"] = Home.Path };

    /// <summary>Reads a configuration as hosts do: comments and commas too many are let be.</summary>
    public static JsonElement Parse(string text) =>
        JsonDocument.Parse(text.TrimStart('\uFEFF'), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;

    /// <summary>Runs <c>tooltrail</c>.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(arguments, environment: Environment);

    /// <summary>Runs <c>tooltrail</c>, of which only the exit code and standard error are of interest.</summary>
    public async Task<(int ExitCode, string Errors)> ExitOfAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        return (run.ExitCode, run.Errors);
    }

    /// <summary>Writes a configuration.</summary>
    /// <returns>Its path.</returns>
    public string Write(string file, string text)
    {
        var path = Path.Combine(Home.Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
