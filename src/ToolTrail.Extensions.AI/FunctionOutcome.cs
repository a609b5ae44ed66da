using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Extensions.AI;

/// <summary>What a function's result says of how the call ended.</summary>
internal static class FunctionOutcome
{
    /// <summary>Of what a function returned.</summary>
    /// <param name="result">Anything: text, JSON, contents, an object.</param>
    /// <param name="serializerOptions">The function's own.</param>
    public static ToolCallOutcome Of(object? result, JsonSerializerOptions serializerOptions)
    {
        try
        {
            return Look(result, serializerOptions);
        }
        catch (Exception)
        {
            // The tool has run: what cannot be looked at must not keep its outcome from being recorded, or its result from the model.
            return ToolCallOutcome.Ok(ToolResult.FromJson(Serialized.ToUtf8(result!, serializerOptions)));
        }
    }

    private static ToolCallOutcome Look(object? result, JsonSerializerOptions serializerOptions) => result switch
    {
        null => ToolCallOutcome.Ok(ToolResult.None),
        string text => ToolCallOutcome.Ok(text),
        JsonElement json => Of(json),
        FunctionResultContent { Exception: { } exception } => ToolCallOutcome.Of(exception),
        FunctionResultContent content => Look(content.Result, serializerOptions),
        ToolResultContent content => Of([.. OutputsOf(content)], serializerOptions),
        AIContent content => Of([content], serializerOptions),
        IEnumerable<AIContent> contents => Of([.. contents], serializerOptions),
        _ => ToolCallOutcome.Ok(ToolResult.FromJson(Serialized.ToUtf8(result, serializerOptions))),
    };

    private static ToolCallOutcome Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined => ToolCallOutcome.Ok(ToolResult.None),
        JsonValueKind.Object when json.TryGetProperty("isError", out var isError) && isError.ValueKind == JsonValueKind.True => McpError(json),
        _ => ToolCallOutcome.Ok(ToolResult.FromJson(Encoding.UTF8.GetBytes(json.GetRawText()))),
    };

    // The result of an MCP server's tool, as the SDK's client gives it to a model: the text contents say what went wrong.
    private static ToolCallOutcome McpError(JsonElement json)
    {
        List<string> texts = [];
        if (json.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in content.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                    texts.Add(TextOf(text));
            }
        }

        return ToolCallOutcome.Failed(
            new ToolCallError("tool_error", texts.FirstOrDefault()), texts.Count > 0 ? string.Join('\n', texts) : json.GetRawText());
    }

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: it stands as it was escaped.
            return text.GetRawText()[1..^1];
        }
    }

    // What a provider says that its tools gave.
    private static IList<AIContent> OutputsOf(ToolResultContent result) => result switch
    {
        McpServerToolResultContent { Outputs: { } outputs } => outputs,
        CodeInterpreterToolResultContent { Outputs: { } outputs } => outputs,
        WebSearchToolResultContent { Outputs: { } outputs } => outputs,
        ImageGenerationToolResultContent { Outputs: { } outputs } => outputs,
        _ => [],
    };

    private static ToolCallOutcome Of(IReadOnlyList<AIContent> contents, JsonSerializerOptions serializerOptions)
    {
        var result = contents.All(content => content is TextContent or ErrorContent)
            ? ToolResult.FromText(string.Join('\n', contents.Select(content => content is TextContent text ? text.Text : ((ErrorContent)content).Message)))
            : ToolResult.FromJson(Serialized.ToUtf8(contents.ToArray(), serializerOptions));
        return contents.OfType<ErrorContent>().FirstOrDefault() is { } error
            ? ToolCallOutcome.Failed(new ToolCallError(error.ErrorCode ?? "tool_error", error.Message), result)
            : ToolCallOutcome.Ok(result);
    }
}
