using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Home;

/// <summary>A home's configuration, as it stands in <c>.tooltrail/config.json</c>.</summary>
public sealed record TrailSettings
{
    /// <summary>What the home is made with.</summary>
    public HomeSettings Home { get; init; } = new();

    /// <summary>How records are delivered.</summary>
    public DeliverySettings Delivery { get; init; } = new();

    /// <summary>Who may call which tool: ordered, first match wins.</summary>
    public IReadOnlyList<PolicyRule> Policy { get; init; } = [];

    /// <summary>How much is recorded of which tool's calls. The most specific glob wins: an exact name, else the one with the most literal characters, else the first.</summary>
    public IReadOnlyList<LevelRule> Levels { get; init; } = [];

    /// <summary>How much of a value a record keeps.</summary>
    public RecordLimits Limits { get; init; } = new();

    /// <summary>What is secret beyond the built-in names and shapes.</summary>
    public RedactionSettings Redaction { get; init; } = new();

    /// <summary>How long records are kept.</summary>
    public RetentionSettings Retention { get; init; } = new();

    /// <summary>How others can see that the trail was not changed.</summary>
    public IntegritySettings Integrity { get; init; } = new();

    /// <summary>The HTTP server.</summary>
    public ServerSettings Server { get; init; } = new();

    /// <summary>How much is recorded of a tool's calls: all of it, unless a rule says otherwise.</summary>
    /// <param name="tool">The tool, as the record names it.</param>
    /// <param name="server">Its MCP server; <c>null</c>: not known.</param>
    public RecordLevel LevelOf(string tool, string? server = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return Glob.MostSpecific(Levels, rule => rule.Tool, tool, server)?.Level ?? RecordLevel.Full;
    }
}
