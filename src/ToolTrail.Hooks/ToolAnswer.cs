using System.Text.Json;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>What a tool answered, in the forms that hosts pass on.</summary>
internal static class ToolAnswer
{
    /// <summary>Of a member of a hook's input.</summary>
    public static ToolCallOutcome Of(JsonElement input, string name) =>
        input.TryGetProperty(name, out var answer) ? Of(answer) : ToolCallOutcome.Ok(ToolResult.None);

    /// <summary>Of an answer: text, a shell's output, contents as MCP has them, or any JSON.</summary>
    public static ToolCallOutcome Of(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            return ToolCallOutcome.Ok(Texts(answer) is { } texts ? ToolResult.FromText(texts) : Whole(answer));
        if (answer.ValueKind != JsonValueKind.Object)
            return ToolCallOutcome.Ok(Whole(answer));
        if (IsTrue(answer, "interrupted"))
            return new ToolCallOutcome { Status = ToolCallStatus.Cancelled, Reason = "interrupted by the user", Result = Whole(answer) };
        var text = answer.TryGetProperty("stdout", out var output) && output.ValueKind == JsonValueKind.String ? ShellText(answer, output.GetString()!)
            : answer.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? Texts(content)
            : null;
        var result = text is null ? Whole(answer) : ToolResult.FromText(text);
        return IsTrue(answer, "isError") ? ToolCallOutcome.Failed(new ToolCallError("tool_error", text), result) : ToolCallOutcome.Ok(result);
    }

    /// <summary>The text contents, a line end between two of them; <c>null</c>: there are none.</summary>
    public static string? Texts(JsonElement contents)
    {
        var texts = contents.EnumerateArray()
            .Where(content => content.ValueKind == JsonValueKind.Object && content.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            .Select(content => content.GetProperty("text").GetString())
            .ToList();
        return texts.Count == 0 ? null : string.Join('\n', texts);
    }

    private static string ShellText(JsonElement answer, string output) =>
        answer.TryGetProperty("stderr", out var errors) && errors.ValueKind == JsonValueKind.String && errors.GetString() is { Length: > 0 } text
            ? $"{output}\n{text}" : output;

    private static bool IsTrue(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static ToolResult Whole(JsonElement answer) => ToolResult.FromJson(JsonBytes.Of(answer));
}
