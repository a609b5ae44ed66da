using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>A host whose hooks are understood.</summary>
public abstract class HookHost
{
    private protected const string EventMember = "hook_event_name";
    private const string ToolMember = "tool_name";

    /// <summary>The hosts there are.</summary>
    public static IReadOnlyList<HookHost> All { get; } = [new ClaudeCode(), new GeminiCli()];

    /// <summary>Its name, on the command line and as the records' <c>source</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The event before a tool runs, whose answer can keep it from running.</summary>
    internal abstract string BeginEvent { get; }

    /// <summary>Finds a host by its name; <c>null</c>: it is not known.</summary>
    public static HookHost? Find(string name) => All.FirstOrDefault(host => host.Name == name);

    /// <summary>Reads what a hook was told.</summary>
    /// <param name="input">The hook's input.</param>
    /// <param name="user">On whose behalf the agent works.</param>
    internal abstract HookEvent Read(JsonValue input, string user);

    /// <summary>The answer that keeps a tool from running.</summary>
    /// <param name="reason">What the model is told.</param>
    internal abstract byte[] Refuse(string reason);

    /// <summary>
    /// The answer where the policy could not be asked of a call: what it might have denied does not run, nor what may not run unrecorded. Empty: the event is not
    /// the one before a call, or nothing keeps the call from running.
    /// </summary>
    /// <param name="input">The hook's input, which may be broken or cut. Where it does not tell the event, it may be any.</param>
    /// <param name="settings">The settings; <c>null</c>: they are not known.</param>
    /// <param name="problem">Why it could not be asked.</param>
    internal byte[] RefuseUnasked(ReadOnlyMemory<byte> input, TrailSettings? settings, string problem)
    {
        var told = JsonValue.FindText(input.Span, EventMember);
        if (told is not null && told != BeginEvent)
            return [];
        return settings is null || settings.Policy.Any(rule => rule.Effect == PolicyEffect.Deny)
            ? Refuse($"The call was not made, because ToolTrail's policy could not be asked: {problem}")
            : RefuseUnrecorded(input, settings, problem);
    }

    /// <summary>The answer where a call could not be recorded. Empty: the event is not the one before a call, or the call may run unrecorded.</summary>
    /// <param name="input">The hook's input, which may be broken or cut. Where it does not tell the tool, what holds of any tool decides.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="problem">Why it could not be recorded.</param>
    internal byte[] RefuseUnrecorded(ReadOnlyMemory<byte> input, TrailSettings settings, string problem)
    {
        var told = JsonValue.FindText(input.Span, EventMember);
        var tool = JsonValue.FindText(input.Span, ToolMember) ?? "";
        var mayNotRun = settings.Delivery.Of(tool).OnFailure == FailurePolicy.Refuse && settings.LevelOf(OwnLines.Unreserved(tool)) != RecordLevel.None;
        return mayNotRun && (told is null || told == BeginEvent)
            ? Refuse($"The call was not made, because it could not be recorded: {problem}")
            : [];
    }

    /// <summary>The calls that the host's own record of a session holds; none where it keeps none that is understood.</summary>
    /// <param name="path">Absolute path.</param>
    internal virtual IReadOnlyList<TranscriptCall> ReadTranscript(string path) => [];

    /// <summary>
    /// The MCP server of a tool that the host calls <c>mcp__server__tool</c>; <c>null</c>: it is the host's own. Where there are more <c>__</c> the server ends at
    /// the first, as the hosts themselves read it.
    /// </summary>
    private protected static string? ServerOf(string? tool) =>
        tool?.Split("__", 3) is ["mcp", var server, _] ? server : null;

    /// <summary>What all of a session's records have in common.</summary>
    private protected ToolCallRecord Describe(JsonValue input, string user)
    {
        var tool = input[ToolMember].Text;
        return new ToolCallRecord
        {
            User = user,
            Tool = tool ?? "",
            Arguments = input["tool_input"].Json,
            Session = input["session_id"].Text,
            Agent = input["agent_type"].Text ?? Name,
            Engine = Name,
            Source = Name,
            Server = ServerOf(tool),
        };
    }
}
