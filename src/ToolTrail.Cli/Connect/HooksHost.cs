using System.Text;
using System.Text.Json;
using ToolTrail.Reading;

namespace ToolTrail.Cli.Connect;

/// <summary>A host that starts hooks: the trail's are added to those that are there.</summary>
internal sealed class HooksHost(string name, string title, string[] path, string hook, IReadOnlyList<(string Event, string? Matcher)> events) : AgentHost
{
    // A group behind others stands on a line of its own.
    private const string OwnLine = "\n      ";

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
    public override Connection Connect(string file, byte[]? text, ToolCommand tool) => Connect(file, text, tool.HookLine(hook));

    /// <inheritdoc/>
    public override Connection ConnectLike(string file, byte[]? text, byte[] connected)
    {
        var (_, groups, index) = FindOurs(connected)!.Value;
        return Connect(file, text, LineOf(connected, Jsonc.Items(connected, groups)[index])!);
    }

    /// <inheritdoc/>
    public override Connection Disconnect(string file, byte[] text)
    {
        List<string> changes = [];
        // One at a time: ranges of neighbours meet.
        var after = text;
        while (FindOurs(after) is var (hooks, groups, index))
        {
            var edits = new TextEdits(after);
            if (IsMadeForOurs(after, groups))
                edits.Remove(hooks, Jsonc.Items(after, hooks).IndexOf(groups));
            else
                edits.Remove(groups, index);
            after = edits.Apply();
            changes.Add($"{groups.Name} no longer starts the trail's hook");
        }

        if (changes.Count > 0)
            after = WithoutEmptyHooks(after);
        return new Connection(file, text, after, changes, []);
    }

    // Made here, and nothing else in it now. One that was there, and empty, stays.
    private static byte[] WithoutEmptyHooks(byte[] text)
    {
        var root = Jsonc.Root(text);
        if (Jsonc.Member(text, root, "hooks") is not { Kind: JsonTokenType.StartObject } hooks)
            return text;
        var within = text.AsSpan(hooks.Start + 1, hooks.End - hooks.Start - 2);
        if (!within.Contains((byte)'\n') || within.ContainsAnyExcept(" \t\r\n"u8))
            return text;
        var edits = new TextEdits(text);
        edits.Remove(root, Jsonc.Items(text, root).IndexOf(hooks));
        return edits.Apply();
    }

    // Its one group is ours. One that was there, and empty, is told by how a group is added to it, unless it was written anew since.
    private static bool IsMadeForOurs(byte[] text, JsoncValue groups)
    {
        if (Jsonc.Items(text, groups) is not [var only])
            return false;
        var before = text.AsSpan((groups.Start + 1)..only.Start);
        var behind = text.AsSpan(only.End..(groups.End - 1));
        var isAdded = Encoding.UTF8.GetString(before) == OwnLine && !behind.Contains((byte)'\n');
        return !isAdded && !before.ContainsAnyExcept(" \t\r\n"u8) && !behind.ContainsAnyExcept(" \t\r\n,"u8);
    }

    private Connection Connect(string file, byte[]? text, string line)
    {
        if (text is null || Jsonc.IsEmpty(text))
        {
            var members = string.Join(",\n", events.Select(each => $"    {TextEdits.Quote(each.Event)}: [ {Group(each.Matcher, line)} ]"));
            return new Connection(file, text, Encoding.UTF8.GetBytes($"{{\n  \"hooks\": {{\n{members}\n  }}\n}}\n"), [.. events.Select(each => Change(each.Event, line))], []);
        }

        List<string> changes = [], left = [];
        var edits = new TextEdits(text);
        var root = Jsonc.Root(text);
        List<string> missing = [];
        var hooks = Jsonc.Member(text, root, "hooks", JsonTokenType.StartObject);
        foreach (var (each, matcher) in events)
        {
            var groups = hooks is { } found ? Jsonc.Member(text, found, each, JsonTokenType.StartArray) : null;
            if (groups is { } array && Jsonc.Items(text, array).Exists(group => IsOurs(text, group)))
            {
                left.Add($"{each} is connected already.");
                continue;
            }

            if (groups is { } others)
                edits.Append(others, OwnLine + Group(matcher, line));
            else if (hooks is { } parent && Jsonc.Member(text, parent, each) is { } nothing)
                edits.Replace(nothing.Start, nothing.End, $"[ {Group(matcher, line)} ]");
            else
                missing.Add($"\n    {TextEdits.Quote(each)}: [ {Group(matcher, line)} ]");
            changes.Add(Change(each, line));
        }

        var all = $"{{{string.Join(',', missing)}\n  }}";
        if (hooks is { } there && missing.Count > 0)
            edits.Append(there, string.Join(',', missing));
        else if (hooks is null && Jsonc.Member(text, root, "hooks") is { } nothing)
            edits.Replace(nothing.Start, nothing.End, all);
        else if (hooks is null)
            edits.Append(root, $"\n  \"hooks\": {all}");
        return new Connection(file, text, edits.Apply(), changes, left);
    }

    private (JsoncValue Hooks, JsoncValue Groups, int Index)? FindOurs(byte[] text)
    {
        if (Jsonc.IsEmpty(text) || Jsonc.Member(text, Jsonc.Root(text), "hooks") is not { } hooks)
            return null;
        foreach (var groups in Jsonc.Items(text, hooks).Where(groups => groups.Kind == JsonTokenType.StartArray))
        {
            var index = Jsonc.Items(text, groups).FindIndex(group => IsOurs(text, group));
            if (index >= 0)
                return (hooks, groups, index);
        }

        return null;
    }

    private static string Change(string each, string line) => $"{each} starts '{line}'";

    private static string Group(string? matcher, string line) =>
        $"{{ {(matcher is null ? "" : $"\"matcher\": {TextEdits.Quote(matcher)}, ")}\"hooks\": [ {{ \"type\": \"command\", \"command\": {TextEdits.Quote(line)} }} ] }}";

    private bool IsOurs(byte[] text, JsoncValue group) =>
        LineOf(text, group) is { } line && line.Contains("tooltrail", StringComparison.Ordinal) && line.Split(' ').Contains(hook);

    // Of a group of one hook, as it is added here: a person who put more into it keeps it.
    private static string? LineOf(byte[] text, JsoncValue group) =>
        Jsonc.Member(text, group, "hooks") is { } hooks && Jsonc.Items(text, hooks) is [var only] ? Jsonc.Text(text, Jsonc.Member(text, only, "command")) : null;
}
