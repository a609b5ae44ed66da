using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>The calls of a session's last turns, from Gemini CLI's record of it: JSON lines whose messages hold <c>toolCalls</c>.</summary>
internal static class GeminiTranscript
{
    private static readonly string[] Words = ["\"toolCalls\""];

    /// <summary>Reads them, in order; none where the file cannot be read.</summary>
    public static IReadOnlyList<TranscriptCall> Read(string path) => TranscriptLines.Read(path, Words, static (line, calls) =>
    {
        foreach (var call in line["toolCalls"].Items)
            Take(call, calls);
    });

    private static void Take(JsonValue call, List<TranscriptCall> calls)
    {
        if (call["id"].Text is not { } id || call["name"].Text is not { } name)
            return;
        // A message is written again when more of it is known.
        calls.RemoveAll(known => known.CallId == id);
        calls.Add(new TranscriptCall(id, name, call["args"].Json, OutcomeOf(name, call), TranscriptLines.TimeOf(call["timestamp"])));
    }

    private static ToolCallOutcome? OutcomeOf(string tool, JsonValue call)
    {
        var response = call["result"].Items is [var first, ..] ? first["functionResponse"]["response"] : null;
        var text = response?["error"].Text ?? response?["output"].Text;
        return call["status"].Text switch
        {
            "success" => GeminiCli.StoppedOf(tool, text) is { } stopped ? stopped with { Result = text } : ToolCallOutcome.Ok(text),
            "cancelled" => ToolCallOutcome.Cancelled("not confirmed, or interrupted by the user"),
            "error" when text?.StartsWith("Tool \"", StringComparison.Ordinal) == true && text.Contains("\" not found", StringComparison.Ordinal) =>
                ToolCallOutcome.Failed(new ToolCallError("unknown_tool", text), text),
            "error" => ToolCallOutcome.Failed(new ToolCallError("tool_error", text), text),
            _ => null,
        };
    }
}
