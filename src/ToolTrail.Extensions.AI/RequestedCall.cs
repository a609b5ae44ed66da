using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>What a model asked for, whoever runs it.</summary>
/// <param name="Tool">The tool's name; of a provider's own tool, which has none here, what it does.</param>
/// <param name="Arguments">By name.</param>
/// <param name="Server">The MCP server that the provider calls; <c>null</c>: none.</param>
internal sealed record RequestedCall(string Tool, IEnumerable<KeyValuePair<string, object?>>? Arguments = null, string? Server = null)
{
    /// <summary>Reads a call as a response has it.</summary>
    public static RequestedCall Of(ToolCallContent content) => content switch
    {
        FunctionCallContent call => new(call.Name, call.Arguments),
        McpServerToolCallContent call => new(call.Name, call.Arguments, call.ServerName),
        CodeInterpreterToolCallContent call => new("code_interpreter", Argument("inputs", call.Inputs)),
        WebSearchToolCallContent call => new("web_search", Argument("queries", call.Queries)),
        ImageGenerationToolCallContent => new("image_generation"),
        _ => new(content.GetType().Name),
    };

    private static KeyValuePair<string, object?>[]? Argument(string name, object? value) => value is null ? null : [new(name, value)];
}
