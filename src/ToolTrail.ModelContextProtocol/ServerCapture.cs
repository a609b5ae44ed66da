using System.Runtime.CompilerServices;
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
    private readonly AwaitedInput _awaited;

    public ServerCapture(ToolCallRecorder recorder, CaptureOptions options, TimeProvider time)
    {
        _recorder = recorder;
        _options = options;
        _awaited = new AwaitedInput(time);
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
            var record = Describe(context, request, CallRequest.Of(request.Params));
            // A client may ask for any name.
            record = McpOutcome.Of(e).ApplyTo(record with { Tool = OwnLines.Unreserved(record.Tool) });
            await _recorder.RecordAsync(record, cancellationToken: CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    };

    /// <summary>The call-tool filter.</summary>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Record(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (context, cancellationToken) =>
        {
            _reached.AddOrUpdate(context.JsonRpcRequest, this);
            var record = Describe(context, context.JsonRpcRequest, CallRequest.Of(context.Params));
            var call = TakeAwaited(record, context.Params) ?? await _recorder.BeginAsync(record, cancellationToken).ConfigureAwait(false);
            if (call.Denial is { } denial)
                return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = denial.Message }] };
            CallToolResult result;
            try
            {
                result = await next(context, cancellationToken).ConfigureAwait(false);
            }
            catch (InputRequiredException e)
            {
                // No outcome: the client's retry is.
                await GiveUpAsync(_awaited.Add(call, record, e.Result.RequestState)).ConfigureAwait(false);
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

    /// <summary>The server ends: no client answers what was asked any more.</summary>
    public Task EndAsync() => GiveUpAsync(_awaited.TakeAll());

    private static async Task GiveUpAsync(IReadOnlyList<ToolCall> calls)
    {
        foreach (var call in calls)
        {
            try
            {
                await call.CompleteAsync(ToolCallOutcome.Cancelled("The input that the server asked for was not given."), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TrailWriteException or ObjectDisposedException)
            {
                // Nobody waits for this outcome. The recorder itself tells that it fails; one that is closed already shows the call as one without outcome.
            }
        }
    }

    private ToolCall? TakeAwaited(ToolCallRecord record, CallToolRequestParams? request) =>
        request is { InputResponses: not null } or { RequestState: not null } ? _awaited.Take(record, request.RequestState) : null;

    private ToolCallRecord Describe(MessageContext context, JsonRpcRequest request, CallRequest call)
    {
        var server = context.Server;
        return new ToolCallRecord
        {
            User = _options.UserOr(context.User?.Identity?.Name),
            Tool = call.Tool,
            Arguments = call.Arguments,
            CallId = call.HostCallId ?? request.Id.ToString(),
            Session = _options.Session ?? server.SessionId,
            Agent = _options.Agent ?? request.Context?.ClientInfo?.Name ?? server.ClientInfo?.Name,
            Source = "mcp-server",
            Server = server.ServerOptions.ServerInfo?.Name,
        };
    }
}
