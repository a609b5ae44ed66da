namespace ToolTrail.Matrix;

/// <summary>A way in which calls can end that a capture cannot see, because its host makes it so.</summary>
/// <param name="Capture">The capture.</param>
/// <param name="Ending">The way.</param>
/// <param name="Why">Why, with the host's own words or source.</param>
internal sealed record Hole(string Capture, string Ending, string Why);

/// <summary>The holes there are.</summary>
internal static class Holes
{
    private const string HumanInTheLoop = "It is the client that asks its user, before it sends anything: a call that is rejected is not made "
        + "([MCP, Tools](https://modelcontextprotocol.io/specification/2025-11-25/server/tools#user-interaction-model)). The capture inside the client sees it.";

    private const string NoDenied = "The conventions know no such outcome: no span is made of a tool that did not run "
        + "([execute_tool span](https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span)).";

    private const string AskedBefore = "The wrapper is what the host calls once its user has agreed; `UseToolTrail()` on the chat client or agent around it sees the rejection.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Hole> All { get; } =
    [
        new("Microsoft.Extensions.AI, one function", "rejected by a person", AskedBefore),
        new("Microsoft.Extensions.AI, one function", "unknown tool", "It is the chat client that finds no function of that name "
            + "([FunctionInvokingChatClient.cs](https://github.com/dotnet/extensions/blob/main/src/Libraries/Microsoft.Extensions.AI/ChatCompletion/FunctionInvokingChatClient.cs)): `UseToolTrail()` on it sees that."),
        new("MCP server in C#", "rejected by a person", HumanInTheLoop),
        new("MCP client in C#", "rejected by a person", AskedBefore),
        new("MCP client in C#", "timed out", "The SDK has no time limit of its own: a caller's is a cancellation token, and the call is recorded as cancelled "
            + "([McpSessionHandler.cs](https://github.com/modelcontextprotocol/csharp-sdk/blob/main/src/ModelContextProtocol.Core/McpSessionHandler.cs))."),
        new("MCP proxy, stdio", "rejected by a person", HumanInTheLoop),
        new("MCP proxy, HTTP", "rejected by a person", HumanInTheLoop),
        new("OpenTelemetry", "denied by policy", NoDenied),
        new("OpenTelemetry", "rejected by a person", NoDenied),
        new("OpenTelemetry", "crashed in between", "A span is exported when it ends ([Span processor](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-processor)): of a process that crashes none comes."),
    ];
}
