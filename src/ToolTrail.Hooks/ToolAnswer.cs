using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Hooks;

/// <summary>What a tool answered, in the forms that hosts pass on.</summary>
internal static class ToolAnswer
{
    /// <summary>Of an answer: text, a shell's output, contents as MCP has them, any JSON, or none.</summary>
    public static ToolCallOutcome Of(JsonValue answer)
    {
        if (answer.IsArray)
            return ToolCallOutcome.Ok(Texts(answer) is { } texts ? ToolResult.FromText(texts) : Whole(answer));
        if (!answer.IsObject)
            return ToolCallOutcome.Ok(answer.IsThere ? Whole(answer) : ToolResult.None);
        if (answer["interrupted"].IsTrue)
            return new ToolCallOutcome { Status = ToolCallStatus.Cancelled, Reason = "interrupted by the user", Result = Whole(answer) };
        var text = answer["stdout"].Text is { } output ? ShellText(answer, output) : Texts(answer["content"]);
        var result = text is null ? Whole(answer) : ToolResult.FromText(text);
        return answer["isError"].IsTrue ? ToolCallOutcome.Failed(new ToolCallError("tool_error", text), result) : ToolCallOutcome.Ok(result);
    }

    /// <summary>The text contents, a line end between two of them; <c>null</c>: there are none.</summary>
    public static string? Texts(JsonValue contents)
    {
        var texts = contents.Items.Select(content => content["text"].Text).OfType<string>().ToList();
        return texts.Count == 0 ? null : string.Join('\n', texts);
    }

    private static string ShellText(JsonValue answer, string output) =>
        answer["stderr"].Text is { Length: > 0 } errors ? $"{output}\n{errors}" : output;

    private static ToolResult Whole(JsonValue answer) => ToolResult.FromJson(answer.Json);
}
