using System.Globalization;
using System.Text;
using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>The calls of a session's last turns, from Claude Code's transcript: JSON lines whose messages hold <c>tool_use</c> and <c>tool_result</c> blocks.</summary>
internal static class ClaudeTranscript
{
    // Of a long session the last turns alone: the earlier ones were looked at when they ended.
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Reads them, in order; none where the file cannot be read.</summary>
    public static IReadOnlyList<TranscriptCall> Read(string path)
    {
        List<TranscriptCall> calls = [];
        try
        {
            foreach (var line in LinesOf(path))
                Take(line, calls);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The host's file, which it may keep or not: the calls stay without outcome then, and are shown so.
        }

        return calls;
    }

    private static IEnumerable<string> LinesOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - MostBytes);
        var isCut = file.Position > 0;
        using var reader = new StreamReader(file, Encoding.UTF8);
        if (isCut)
            reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static void Take(string line, List<TranscriptCall> calls)
    {
        if (!line.Contains("\"tool_use", StringComparison.Ordinal) && !line.Contains("\"tool_result\"", StringComparison.Ordinal))
            return;
        try
        {
            var json = JsonValue.Parse(Encoding.UTF8.GetBytes(line));
            var time = DateTimeOffset.TryParse(json["timestamp"].Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var said)
                ? said : DateTimeOffset.MinValue;
            foreach (var block in json["message"]["content"].Items)
                TakeBlock(block, time, calls);
        }
        catch (JsonException)
        {
            // A line that is just being written, or of a form that is not known: no call can be read from it.
        }
    }

    private static void TakeBlock(JsonValue block, DateTimeOffset time, List<TranscriptCall> calls)
    {
        if (block["type"].Text == "tool_use" && block["id"].Text is { } id && block["name"].Text is { } name)
        {
            calls.Add(new TranscriptCall(id, name, block["input"].Json, null, time));
        }
        else if (block["type"].Text == "tool_result" && block["tool_use_id"].Text is { } answered)
        {
            var index = calls.FindLastIndex(call => call.CallId == answered);
            if (index >= 0)
                calls[index] = calls[index] with { Outcome = OutcomeOf(block), Ended = time };
        }
    }

    // What the host writes where it ran nothing says so in words alone.
    private static ToolCallOutcome OutcomeOf(JsonValue result)
    {
        var text = result["content"].Text ?? ToolAnswer.Texts(result["content"]);
        if (!result["is_error"].IsTrue)
            return ToolCallOutcome.Ok(text);
        text ??= "";
        if (text.StartsWith("The user doesn't want to", StringComparison.Ordinal))
            return ToolCallOutcome.Denied("rejected by a person");
        if (text.StartsWith("Permission to use", StringComparison.Ordinal))
            return ClaudeCode.Denied("denied by a permission rule", text);
        if (text.StartsWith("[Request interrupted by user", StringComparison.Ordinal))
            return ToolCallOutcome.Cancelled("interrupted by the user");
        return text.Contains("No such tool available", StringComparison.Ordinal)
            ? ToolCallOutcome.Failed(new ToolCallError("unknown_tool", text), text)
            : ClaudeCode.Failed(text);
    }
}
