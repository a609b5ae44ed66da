using System.Text.Json;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>Gemini CLI, from npm.</summary>
internal sealed class RealGeminiCli : RealHost
{
    private readonly string _approval;

    /// <param name="approval">How it asks: <c>yolo</c> never, <c>default</c> before what changes something.</param>
    /// <param name="shellSeconds">How long a command may be silent.</param>
    public RealGeminiCli(string approval = "yolo", int shellSeconds = 300)
    {
        _approval = approval;
        var folder = Directory.CreateDirectory(Path.Combine(UserHome, ".gemini")).FullName;
        var settings = new
        {
            security = new { auth = new { selectedType = "gemini-api-key" } },
            telemetry = new { enabled = false },
            privacy = new { usageStatisticsEnabled = false },
            tools = new { shell = new { inactivityTimeout = shellSeconds } },
            general = new { enableAutoUpdate = false, enableAutoUpdateNotification = false },
        };
        File.WriteAllText(Path.Combine(folder, "settings.json"), JsonSerializer.Serialize(settings));
    }

    protected override string Name => "gemini";

    protected override IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(string model) => new Dictionary<string, string?>
    {
        ["GOOGLE_GEMINI_BASE_URL"] = model,
        ["GEMINI_API_KEY"] = "of-nobody",
        ["GEMINI_CLI_TRUST_WORKSPACE"] = "true",
    };

    protected override string[] CommandOf(bool hasTerminal) =>
        ["node", Path.Combine(Packages, ".bin", "gemini"), "--model", "gemini-2.5-pro", "--approval-mode", _approval, hasTerminal ? "--prompt-interactive" : "--prompt", "go"];
}
