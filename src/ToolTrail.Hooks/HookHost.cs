using System.Text.Json;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>A host whose hooks are understood.</summary>
public abstract class HookHost
{
    /// <summary>The hosts there are.</summary>
    public static IReadOnlyList<HookHost> All { get; } = [new ClaudeCode(), new GeminiCli()];

    /// <summary>Its name, on the command line and as the records' <c>source</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Finds a host by its name; <c>null</c>: it is not known.</summary>
    public static HookHost? Find(string name) => All.FirstOrDefault(host => host.Name == name);

    /// <summary>Reads what a hook was told.</summary>
    /// <param name="input">The hook's input.</param>
    /// <param name="user">On whose behalf the agent works.</param>
    internal abstract HookEvent Read(JsonElement input, string user);

    /// <summary>The answer that keeps a tool from running.</summary>
    /// <param name="reason">What the model is told.</param>
    internal abstract byte[] Refuse(string reason);

    /// <summary>The calls that the host's own record of a session holds; none where it keeps none that is understood.</summary>
    /// <param name="path">Absolute path.</param>
    internal virtual IReadOnlyList<TranscriptCall> ReadTranscript(string path) => [];

    /// <summary>A member that is text; <c>null</c>: there is none.</summary>
    private protected static string? Text(JsonElement input, string name) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member's JSON; empty: there is none.</summary>
    private protected static ReadOnlyMemory<byte> Json(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) ? JsonBytes.Of(value) : default;

    /// <summary>The MCP server of a tool that the host calls <c>mcp__server__tool</c>; <c>null</c>: it is the host's own.</summary>
    private protected static string? ServerOf(string? tool) =>
        tool?.Split("__", 3) is ["mcp", var server, _] ? server : null;

    /// <summary>What all of a session's records have in common.</summary>
    private protected ToolCallRecord Describe(JsonElement input, string user) => new()
    {
        User = user,
        Tool = Text(input, "tool_name") ?? "",
        Arguments = Json(input, "tool_input"),
        Session = Text(input, "session_id"),
        Agent = Text(input, "agent_type") ?? Name,
        Engine = Name,
        Source = Name,
        Server = ServerOf(Text(input, "tool_name")),
    };
}
