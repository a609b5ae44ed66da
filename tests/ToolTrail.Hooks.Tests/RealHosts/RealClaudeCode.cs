using System.Text.Json;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>Claude Code, from npm.</summary>
internal sealed class RealClaudeCode : RealHost
{
    private const string Key = "sk-ant-of-nobody";

    public RealClaudeCode()
    {
        // What a first start asks a person.
        var project = new Dictionary<string, object> { [PathOf("").TrimEnd('/')] = new { hasTrustDialogAccepted = true, hasCompletedProjectOnboarding = true } };
        Write(".claude.json", new { hasCompletedOnboarding = true, theme = "dark", customApiKeyResponses = new { approved = new[] { Key }, rejected = Array.Empty<string>() }, projects = project });
        Write(Path.Combine(".claude", "settings.json"), new { permissions = new { allow = new[] { "Read", "Bash(exit *)", "Bash(python3 *)" }, deny = new[] { "Bash(rm *)" } } });
    }

    protected override string Name => "claude-code";

    protected override IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(string model) => new Dictionary<string, string?>
    {
        ["ANTHROPIC_BASE_URL"] = model,
        ["ANTHROPIC_API_KEY"] = Key,
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        ["DISABLE_AUTOUPDATER"] = "1",
        // Else a command that takes too long goes on behind the conversation, which waits for it in the end.
        ["CLAUDE_CODE_DISABLE_BACKGROUND_TASKS"] = "1",
    };

    protected override string[] CommandOf(bool hasTerminal)
    {
        var program = Path.Combine(Directory.GetDirectories(Path.Combine(Packages, "@anthropic-ai"), "claude-code-*").Single(), "claude");
        return hasTerminal ? [program, "--permission-mode", "default", "go"] : [program, "--permission-mode", "default", "-p", "go"];
    }

    private void Write(string name, object settings)
    {
        var path = Path.Combine(UserHome, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(settings));
    }
}
