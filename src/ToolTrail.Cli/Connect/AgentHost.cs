using ToolTrail.Reading;

namespace ToolTrail.Cli.Connect;

/// <summary>An application whose agent can be connected to the trail by its configuration.</summary>
internal abstract class AgentHost
{
    /// <summary>The hosts there are.</summary>
    public static IReadOnlyList<AgentHost> All { get; } =
    [
        new HooksHost("claude-code", "Claude Code", [".claude", "settings.json"], "claude-code", HooksHost.ClaudeEvents),
        new McpServersHost("claude-desktop", "Claude Desktop", "claude-ai*", "mcpServers", InSettings("Claude", "claude_desktop_config.json")),
        new McpServersHost("vscode", "VS Code", "Visual Studio Code*", "servers", InSettings("Code", "User", "mcp.json")),
        new McpServersHost("cursor", "Cursor", "?ursor*", "mcpServers", InHome(".cursor", "mcp.json")),
        new HooksHost("gemini", "Gemini CLI", [".gemini", "settings.json"], "gemini-cli", HooksHost.GeminiEvents),
    ];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Its name for people.</summary>
    public abstract string Title { get; }

    /// <summary>The records that its agent leaves.</summary>
    public abstract RecordFilter Heard { get; }

    /// <summary>Absolute path of the user's configuration of it.</summary>
    public abstract string File { get; }

    /// <summary>Works out how it is connected.</summary>
    /// <param name="file">Absolute path of the configuration.</param>
    /// <param name="text">Its bytes; <c>null</c>: it is not there.</param>
    /// <param name="tool">How the tool is started.</param>
    public abstract Connection Connect(string file, byte[]? text, ToolCommand tool);

    /// <summary>Works out how it would have been connected as another text of it is: with the same program and the same home.</summary>
    /// <param name="file">Absolute path of the configuration.</param>
    /// <param name="text">Its bytes; <c>null</c>: it is not there.</param>
    /// <param name="connected">The bytes of one that is connected.</param>
    public abstract Connection ConnectLike(string file, byte[]? text, byte[] connected);

    /// <summary>Works out how what <see cref="Connect"/> did is taken back, with whatever options it was done and whatever else was changed since.</summary>
    public abstract Connection Disconnect(string file, byte[] text);

    /// <summary>Whether a configuration is connected.</summary>
    public bool IsConnected(byte[] text) => !Disconnect(File, text).IsNone;

    /// <summary>Whether calls of a host that has a configuration are recorded: it is connected, or somebody did the same by hand.</summary>
    public virtual bool IsRecorded(byte[] text) => IsConnected(text);

    /// <summary>A path in the user's home folder.</summary>
    protected static string InHome(params string[] parts) => Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. parts]);

    // ~/.config, ~/Library/Application Support, %APPDATA%: where applications built on Electron keep theirs.
    private static string InSettings(params string[] parts)
    {
        var folder = OperatingSystem.IsMacOS()
            ? InHome("Library", "Application Support")
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine([folder, .. parts]);
    }
}
