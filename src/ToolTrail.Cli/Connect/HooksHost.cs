using System.Text;
using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Connect;

/// <summary>A host that starts hooks: the trail's are added to those that are there.</summary>
internal sealed class HooksHost(string name, string title, string[] path, string hook, IReadOnlyList<(string Event, string? Matcher)> events) : AgentHost
{
    /// <summary>What Claude Code is to tell.</summary>
    public static IReadOnlyList<(string Event, string? Matcher)> ClaudeEvents { get; } =
    [
        ("PreToolUse", "*"), ("PostToolUse", "*"), ("PostToolUseFailure", "*"), ("PermissionDenied", "*"), ("UserPromptSubmit", null), ("Stop", null), ("SubagentStop", null),
        ("SessionEnd", null),
    ];

    /// <summary>What Gemini CLI is to tell.</summary>
    public static IReadOnlyList<(string Event, string? Matcher)> GeminiEvents { get; } = [("BeforeTool", ".*"), ("AfterTool", ".*"), ("AfterAgent", null), ("SessionEnd", null)];

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override RecordFilter Heard => new() { Source = hook };

    /// <inheritdoc/>
    public override string File => InHome(path);

    /// <inheritdoc/>
    public override Connection Connect(string file, byte[]? text, ToolCommand tool)
    {
        var line = tool.HookLine(hook);
        if (text is null)
        {
            var members = string.Join(",\n", events.Select(each => $"    {TextEdits.Quote(each.Event)}: [ {Group(each.Matcher, line)} ]"));
            return new Connection(file, null, Encoding.UTF8.GetBytes($"{{\n  \"hooks\": {{\n{members}\n  }}\n}}\n"), [.. events.Select(each => Change(each.Event, line))], []);
        }

        List<string> changes = [], left = [];
        var edits = new TextEdits(text);
        var root = Jsonc.Root(text);
        List<string> missing = [];
        var hooks = Jsonc.Member(text, root, "hooks");
        foreach (var (each, matcher) in events)
        {
            var groups = hooks is { } found ? Jsonc.Member(text, found, each) : null;
            if (groups is { Kind: JsonTokenType.StartArray } array && Jsonc.Items(text, array).Exists(group => IsOurs(text, group)))
            {
                left.Add($"{each} is connected already.");
                continue;
            }

            if (groups is { Kind: JsonTokenType.StartArray } others)
                edits.Append(others, $"\n      {Group(matcher, line)}");
            else
                missing.Add($"\n    {TextEdits.Quote(each)}: [ {Group(matcher, line)} ]");
            changes.Add(Change(each, line));
        }

        if (missing.Count > 0 && hooks is { Kind: JsonTokenType.StartObject } there)
            edits.Append(there, string.Join(',', missing));
        else if (missing.Count > 0)
            edits.Append(root, $"\n  \"hooks\": {{{string.Join(',', missing)}\n  }}");
        return new Connection(file, text, edits.Apply(), changes, left);
    }

    /// <inheritdoc/>
    public override Connection Disconnect(string file, byte[] text)
    {
        List<string> changes = [];
        // One at a time: ranges of neighbours meet.
        var after = text;
        while (FindOurs(after) is var (groups, index, each))
        {
            var edits = new TextEdits(after);
            edits.Remove(groups, index);
            after = edits.Apply();
            changes.Add($"{each} no longer starts the trail's hook");
        }

        return new Connection(file, text, after, changes, []);
    }

    private (JsoncValue Groups, int Index, string Event)? FindOurs(byte[] text)
    {
        if (Jsonc.Member(text, Jsonc.Root(text), "hooks") is not { } hooks)
            return null;
        foreach (var groups in Jsonc.Items(text, hooks).Where(groups => groups.Kind == JsonTokenType.StartArray))
        {
            var index = Jsonc.Items(text, groups).FindIndex(group => IsOurs(text, group));
            if (index >= 0)
                return (groups, index, groups.Name);
        }

        return null;
    }

    private static string Change(string each, string line) => $"{each} starts '{line}'";

    private static string Group(string? matcher, string line) =>
        $"{{ {(matcher is null ? "" : $"\"matcher\": {TextEdits.Quote(matcher)}, ")}\"hooks\": [ {{ \"type\": \"command\", \"command\": {TextEdits.Quote(line)} }} ] }}";

    // A group of one hook, as it is added here: a person who put more into it keeps it.
    private bool IsOurs(byte[] text, JsoncValue group) =>
        Jsonc.Member(text, group, "hooks") is { } hooks && Jsonc.Items(text, hooks) is [var only]
        && Jsonc.Text(text, Jsonc.Member(text, only, "command")) is { } line
        && line.Contains("tooltrail", StringComparison.Ordinal) && line.Split(' ').Contains(hook);
}
