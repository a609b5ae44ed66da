using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.ModelContextProtocol;

/// <summary>A server's tool that records the calls that go through this client.</summary>
internal sealed class RecordingMcpTool : DelegatingAIFunction
{
    private readonly McpClient _client;
    private readonly ToolCallRecorder _recorder;
    private readonly CaptureOptions _options;

    public RecordingMcpTool(McpClientTool tool, McpClient client, ToolCallRecorder recorder, CaptureOptions options)
        : base(tool)
    {
        _client = client;
        _recorder = recorder;
        _options = options;
    }

    /// <inheritdoc/>
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = await _recorder.BeginAsync(Describe(arguments), cancellationToken).ConfigureAwait(false);
        if (call.Denial is { } denial)
            throw new ToolCallDeniedException(denial);
        object? result;
        try
        {
            result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // How it ended is recorded even when the caller has given up.
            await call.CompleteAsync(McpOutcome.Of(e), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await call.CompleteAsync(McpOutcome.Of(result), CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private ToolCallRecord Describe(AIFunctionArguments arguments) => new()
    {
        User = _options.UserOr(null),
        Tool = ((McpClientTool)InnerFunction).ProtocolTool.Name,
        Arguments = ToJson(arguments),
        Session = _options.Session ?? _client.SessionId,
        Agent = _options.Agent,
        Source = "mcp-client",
        CallId = CallId(),
        Server = _client.ServerInfo?.Name,
    };

    // Of the call that a chat client makes of this tool: a capture there records it too, and only by its id can readers tell that both are one call.
    private string? CallId() =>
        FunctionInvokingChatClient.CurrentContext is { } context && (context.Function.Name == Name || ReferenceEquals(context.Function.GetService<RecordingMcpTool>(), this))
            ? context.CallContent.CallId
            : null;

    private ReadOnlyMemory<byte> ToJson(AIFunctionArguments arguments)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>(arguments), JsonSerializerOptions);
        }
        catch (Exception)
        {
            // The client cannot send them then either: the call is recorded as the error that it is.
            return default;
        }
    }
}
