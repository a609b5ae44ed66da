using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.ModelContextProtocol;

/// <summary>
/// Records the calls that clients make of a server's tools. The call-tool filter sees those that get as far as a tool, in the background too where they run as
/// tasks; the message filter sees how the others ended: authorization, for one, may be asked further out.
/// </summary>
internal sealed class ServerCapture
{
    // Which requests the call-tool filter has seen.
    private readonly ConditionalWeakTable<JsonRpcRequest, object> _reached = [];
    private readonly ToolCallRecorder _recorder;
    private readonly CaptureOptions _options;

    public ServerCapture(ToolCallRecorder recorder, CaptureOptions options)
    {
        _recorder = recorder;
        _options = options;
    }

    /// <summary>The message filter.</summary>
    public McpMessageHandler Watch(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest { Method: RequestMethods.ToolsCall } request)
        {
            await next(context, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!_reached.TryGetValue(request, out _))
        {
            var outcome = McpOutcome.Of(e);
            var record = Describe(context, request) with { Status = outcome.Status, Error = outcome.Error, Reason = outcome.Reason };
            await _recorder.RecordAsync(record, cancellationToken: CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    };

    /// <summary>The call-tool filter.</summary>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Record(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (context, cancellationToken) =>
        {
            _reached.AddOrUpdate(context.JsonRpcRequest, this);
            var call = await _recorder.BeginAsync(Describe(context, context.JsonRpcRequest), cancellationToken).ConfigureAwait(false);
            if (call.Denial is { } denial)
                return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = denial.Message }] };
            CallToolResult result;
            try
            {
                result = await next(context, cancellationToken).ConfigureAwait(false);
            }
            catch (InputRequiredException)
            {
                // No outcome: the client's retry is.
                throw;
            }
            catch (Exception e)
            {
                // How it ended is recorded even when the client has given up.
                await call.CompleteAsync(McpOutcome.Of(e), CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            await call.CompleteAsync(McpOutcome.Of(result), CancellationToken.None).ConfigureAwait(false);
            return result;
        };

    private ToolCallRecord Describe(MessageContext context, JsonRpcRequest request)
    {
        var server = context.Server;
        return new ToolCallRecord
        {
            User = _options.UserOr(context.User?.Identity?.Name),
            Tool = NameOf(request),
            Arguments = request.Params?["arguments"] is { } arguments ? JsonSerializer.SerializeToUtf8Bytes(arguments, McpJsonUtilities.DefaultOptions) : default,
            CallId = request.Id.ToString(),
            Session = _options.Session ?? server.SessionId,
            Agent = _options.Agent ?? request.Context?.ClientInfo?.Name ?? server.ClientInfo?.Name,
            Source = "mcp-server",
            Server = server.ServerOptions.ServerInfo?.Name,
        };
    }

    private static string NameOf(JsonRpcRequest request) =>
        request.Params?["name"] is JsonValue value && value.TryGetValue(out string? name) ? name : "";
}
