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
        var texts = result.Content.OfType<TextContentBlock>().Select(block => block.Text).ToList();
        var text = texts.Count > 0
            ? ToolResult.FromText(string.Join('\n', texts))
            : ToolResult.FromJson(JsonSerializer.SerializeToUtf8Bytes(result, McpJsonUtilities.DefaultOptions));
        return result.IsError == true ? ToolCallOutcome.Failed(new ToolCallError("tool_error", texts.FirstOrDefault()), text) : ToolCallOutcome.Ok(text);
    }

    /// <summary>Of what a client's tool returns: contents, or the whole result as JSON where contents do not say all.</summary>
    public static ToolCallOutcome Of(object? result) => result switch
    {
        JsonElement json when json.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions) is { } whole => Of(whole),
        TextContent text => ToolCallOutcome.Ok(text.Text),
        IEnumerable<AIContent> contents when contents.OfType<TextContent>().Any() =>
            ToolCallOutcome.Ok(string.Join('\n', contents.OfType<TextContent>().Select(text => text.Text))),
        null => ToolCallOutcome.Ok(ToolResult.None),
        _ => ToolCallOutcome.Ok(ToolResult.FromJson(JsonSerializer.SerializeToUtf8Bytes(result, McpJsonUtilities.DefaultOptions))),
    };

    /// <summary>Of an exception.</summary>
    public static ToolCallOutcome Of(Exception exception) => exception switch
    {
        // What the SDK's authorization filter throws says so in its message alone (AuthorizationFilterSetup.cs), to which a client adds that it is the server's.
        McpProtocolException { ErrorCode: McpErrorCode.InvalidRequest } e when e.Message.Contains("Access forbidden", StringComparison.Ordinal) =>
            ToolCallOutcome.Denied(e.Message),
        McpProtocolException e => ToolCallOutcome.Failed(new ToolCallError(((int)e.ErrorCode).ToString(System.Globalization.CultureInfo.InvariantCulture), e.Message)),
        _ => ToolCallOutcome.Of(exception),
    };
}
