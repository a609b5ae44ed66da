using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.ModelContextProtocol;

/// <summary>How a call of an MCP server's tool ended.</summary>
internal static class McpOutcome
{
    /// <summary>Of a result.</summary>
    public static ToolCallOutcome Of(CallToolResult result)
    {
        // A server may say null, which the SDK lets through.
        var texts = (result.Content ?? []).OfType<TextContentBlock>().Select(block => block.Text).ToList();
        var text = texts.Count > 0
            ? ToolResult.FromText(string.Join('\n', texts))
            : Json(result);
        return result.IsError == true ? ToolCallOutcome.Failed(new ToolCallError("tool_error", texts.FirstOrDefault()), text) : ToolCallOutcome.Ok(text);
    }

    /// <summary>Of what a client's tool returns: contents, or the whole result as JSON where contents do not say all.</summary>
    public static ToolCallOutcome Of(object? result) => result switch
    {
        JsonElement json => Of(json),
        TextContent text => ToolCallOutcome.Ok(text.Text),
        IEnumerable<AIContent> contents when contents.OfType<TextContent>().Any() =>
            ToolCallOutcome.Ok(string.Join('\n', contents.OfType<TextContent>().Select(text => text.Text))),
        null => ToolCallOutcome.Ok(ToolResult.None),
        _ => ToolCallOutcome.Ok(Json(result)),
    };

    /// <summary>Of an exception.</summary>
    public static ToolCallOutcome Of(Exception exception) => exception switch
    {
        // What the SDK's authorization filter throws says so in its message alone (AuthorizationFilterSetup.cs), to which a client adds that it is the server's.
        McpProtocolException { ErrorCode: McpErrorCode.InvalidRequest } e when e.Message.Contains("Access forbidden", StringComparison.Ordinal) =>
            ToolCallOutcome.Denied("refused by the server's authorization") with { Error = new ToolCallError(CodeOf(e), e.Message) },
        McpProtocolException e => ToolCallOutcome.Failed(new ToolCallError(CodeOf(e), e.Message)),
        _ => ToolCallOutcome.Of(exception),
    };

    private static string CodeOf(McpProtocolException e) => ((int)e.ErrorCode).ToString(CultureInfo.InvariantCulture);

    private static ToolCallOutcome Of(JsonElement json)
    {
        try
        {
            if (json.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions) is { } whole)
                return Of(whole);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            // Not one of the SDK's results, or with half a surrogate pair: the caller gets it, and the record has it as it came.
        }

        return json.ValueKind == JsonValueKind.Undefined ? ToolCallOutcome.Ok(ToolResult.None) : ToolCallOutcome.Ok(ToolResult.FromJson(Encoding.UTF8.GetBytes(json.GetRawText())));
    }

    private static ToolResult Json(object result)
    {
        try
        {
            return ToolResult.FromJson(JsonSerializer.SerializeToUtf8Bytes(result, McpJsonUtilities.DefaultOptions));
        }
        catch (Exception)
        {
            // The tool has run: what cannot be shown must not keep its outcome from being recorded, or its result from the caller.
            return ToolResult.FromText(result.GetType().FullName);
        }
    }
}
