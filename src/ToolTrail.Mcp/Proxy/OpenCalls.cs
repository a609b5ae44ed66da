using Microsoft.Extensions.Logging;
using ToolTrail.Mcp.Protocol;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>The calls that are under way between clients and one server: what tells the recorder of their beginning and their end.</summary>
/// <remarks>Used by the two directions at once. A call that was taken out belongs to whoever took it, so each gets one outcome.</remarks>
internal sealed class OpenCalls
{
    /// <summary>How many calls may wait for input: clients are not bound to give it.</summary>
    public const int MostAwaited = 1_000;

    /// <summary>Why a request is refused that peers may read in two ways.</summary>
    public const string Ambiguous = "ambiguous request";

    /// <summary>Why a request is refused that only some peers can read.</summary>
    public const string Malformed = "malformed request";

    private static readonly ToolCallOutcome NoInput = ToolCallOutcome.Cancelled("The input that the server asked for was not given.");

    private readonly ToolCallRecorder _recorder;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<RequestKey, OpenCall> _byRequest = [];
    private readonly List<OpenCall> _awaitingInput = [];
    private readonly OpenTasks _tasks = new();
    private ToolCallOutcome? _end;

    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="logger">Told what nobody else can be told.</param>
    public OpenCalls(ToolCallRecorder recorder, ILogger logger)
    {
        _recorder = recorder;
        _logger = logger;
    }

    /// <summary>Whether the server owes anything.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
                return _byRequest.Count > 0 || _tasks.Any;
        }
    }

    /// <summary>Whether the server owes the answer to a call of a scope.</summary>
    public bool Owes(CallScope scope)
    {
        lock (_lock)
            return _byRequest.Keys.Any(key => key.Scope == scope);
    }

    /// <summary>Asks the policy and begins a call, unless it is the retry of one that waits for input.</summary>
    /// <param name="scope">The request's.</param>
    /// <param name="id">The request's; <c>null</c>: none.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="user">On whose behalf; <c>null</c>: the scope's user.</param>
    /// <returns>The call, to be added before the request goes on; or the reason why it must not.</returns>
    public async ValueTask<(OpenCall? Call, string? Refusal)> BeginAsync(CallScope scope, JsonRpcId? id, McpParams request, string? user)
    {
        var record = Describe(scope, id, request, user);
        var asked = CallRequest.Of(record);
        if (request.IsRetry && TakeAwaiting(asked, request.RequestState) is { } waiting)
            return (waiting, null);
        try
        {
            var call = await _recorder.BeginAsync(record);
            return call.Denial is { } denial ? (null, denial.Message) : (new OpenCall(call, asked, request.IsSelfContained), null);
        }
        catch (Exception e) when (e is TrailWriteException or RecordRefusedException)
        {
            return (null, $"The call was not made, because it could not be recorded: {e.Message}");
        }
    }

    /// <summary>Records a call that the proxy itself refuses.</summary>
    /// <param name="scope">The request's.</param>
    /// <param name="id">The request's; <c>null</c>: none.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="user">On whose behalf; <c>null</c>: the scope's user.</param>
    /// <param name="reason">The record's reason.</param>
    public async ValueTask RecordRefusalAsync(CallScope scope, JsonRpcId? id, McpParams request, string? user, string reason)
    {
        try
        {
            var record = Describe(scope, id, request, user);
            await _recorder.RecordAsync(ToolCallOutcome.Denied(reason).ApplyTo(record with { Tool = OwnLines.Unreserved(record.Tool) }));
        }
        catch (Exception e) when (e is TrailWriteException or RecordRefusedException)
        {
            // Refused it is all the same.
            ProxyLog.RefusalNotRecorded(_logger, e);
        }
    }

    /// <summary>Expects the answer to a request.</summary>
    /// <param name="scope">The request's.</param>
    /// <param name="id">The request's; <c>null</c>: none, so no answer can come.</param>
    /// <param name="call">The call that it makes.</param>
    public ValueTask AddAsync(CallScope scope, JsonRpcId? id, OpenCall call)
    {
        if (id is not { } requestId)
            return EndAsync(call, ToolCallOutcome.Failed(new ToolCallError("no_id", "The request had no id, so no server answers it.")));
        var request = scope.Key(requestId);
        OpenCall? former;
        lock (_lock)
        {
            if (_end is { } end)
                return EndAsync(call, end);
            _byRequest.Remove(request, out former);
            _byRequest.Add(request, call);
        }

        return former is null
            ? ValueTask.CompletedTask
            : EndAsync(former, ToolCallOutcome.Failed(new ToolCallError("id_reused", "The client used the request's id again before it was answered.")));
    }

    /// <summary>The client gives a request up.</summary>
    public ValueTask CancelAsync(CallScope scope, McpParams notification) =>
        notification.RequestId is { } id && Take(scope.Key(id)) is { } call ? EndAsync(call, Outcome.OfCancellation(notification.Reason)) : ValueTask.CompletedTask;

    /// <summary>The client asks for a task: the answer may be the outcome of the call that began it.</summary>
    public void AskForTask(CallScope scope, JsonRpcId? id, string method, McpParams request)
    {
        if (id is not { } asked || request.TaskId is not { } task)
            return;
        lock (_lock)
            _tasks.Ask(scope.Key(asked), method, task);
    }

    /// <summary>The server answers a request.</summary>
    /// <returns><c>null</c>: the answer may go on. Otherwise why the client must not see it.</returns>
    public async ValueTask<byte[]?> AnswerAsync(CallScope scope, JsonRpcMessage answer)
    {
        if (answer.Id is not { } id)
            return null;
        var settled = Settle(scope.Key(id), answer, out var call, out var givenUp);
        if (givenUp is var (other, end))
            await EndAsync(other, end);
        if (settled is not { } outcome)
            return null;
        try
        {
            await call!.Call.CompleteAsync(outcome);
            return null;
        }
        catch (TrailWriteException e)
        {
            return Answer.ToolError(id, $"The tool ran, but its outcome could not be recorded: {e.Message}", call!.IsSelfContained);
        }
    }

    /// <summary>The server tells of a task unasked.</summary>
    public ValueTask TellAsync(ReadOnlyMemory<byte> taskState)
    {
        OpenCall? call;
        ToolCallOutcome? outcome;
        lock (_lock)
            outcome = _tasks.Tell(McpResult.Parse(taskState), out call);
        return outcome is null ? ValueTask.CompletedTask : EndAsync(call!, outcome.Value);
    }

    /// <summary>The server answers a request with a message that was only skimmed.</summary>
    /// <param name="scope">The request's.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="why">Why it was not looked at.</param>
    public ValueTask AnswerAsync(CallScope scope, SkimmedMessage answer, string why)
    {
        if (answer.Id is not { } id || Take(scope.Key(id)) is not { } call)
            return ValueTask.CompletedTask;
        return EndAsync(call, new ToolCallOutcome
        {
            Status = answer.IsError ? ToolCallStatus.Error : ToolCallStatus.Ok,
            Reason = why,
        });
    }

    /// <summary>Ends what is still open, and what is begun from now on: no answer can come any more.</summary>
    /// <param name="outcome">How calls end that the server owes an answer.</param>
    public async Task CloseAsync(ToolCallOutcome outcome)
    {
        List<OpenCall> unanswered;
        List<OpenCall> awaitingInput;
        lock (_lock)
        {
            _end = outcome;
            unanswered = [.. _byRequest.Values, .. _tasks.TakeAll()];
            awaitingInput = [.. _awaitingInput];
            _byRequest.Clear();
            _awaitingInput.Clear();
        }

        foreach (var call in unanswered)
            await EndAsync(call, outcome);
        foreach (var call in awaitingInput)
            await EndAsync(call, NoInput);
    }

    /// <summary>Ends what is still open of one scope: no answer can come any more. Tasks go on, since others may ask for them.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="outcome">How its calls end.</param>
    public async Task CloseAsync(CallScope scope, ToolCallOutcome outcome)
    {
        List<OpenCall> unanswered = [];
        lock (_lock)
        {
            foreach (var key in _byRequest.Keys.Where(key => key.Scope == scope).ToList())
            {
                _byRequest.Remove(key, out var call);
                unanswered.Add(call!);
            }

            _tasks.Forget(scope);
        }

        foreach (var call in unanswered)
            await EndAsync(call, outcome);
    }

    /// <summary>Ends one call, if it is still open: its request came to nothing.</summary>
    public ValueTask EndAsync(CallScope scope, JsonRpcId id, ToolCallOutcome outcome) => Take(scope.Key(id)) is { } call ? EndAsync(call, outcome) : ValueTask.CompletedTask;

    private static ToolCallRecord Describe(CallScope scope, JsonRpcId? id, McpParams request, string? user)
    {
        var trace = request.TraceContext;
        return scope.Template with
        {
            User = user ?? scope.Template.User,
            Tool = request.Name ?? "",
            Arguments = request.Arguments,
            // Claude Code names its own id of the call too, which its hooks know it by.
            CallId = request.HostCallId ?? id?.Text,
            Agent = scope.Template.Agent ?? request.ClientName ?? scope.ClientName,
            TraceId = trace == default ? null : trace.TraceId.ToHexString(),
            SpanId = trace == default ? null : trace.SpanId.ToHexString(),
        };
    }

    /// <returns>The outcome of <paramref name="call"/>; <c>null</c>: it goes on, or there is none. For one that goes on, another may be given up.</returns>
    private ToolCallOutcome? Settle(RequestKey id, JsonRpcMessage answer, out OpenCall? call, out (OpenCall Call, ToolCallOutcome Outcome)? givenUp)
    {
        givenUp = null;
        lock (_lock)
        {
            if (!_byRequest.Remove(id, out call))
                return _tasks.Answer(id, answer, out call);
            if (!answer.Error.IsEmpty || answer.Result.IsEmpty)
                return Outcome.Of(answer);
            var result = McpResult.Parse(answer.Result);
            if (result.ResultType == "input_required")
            {
                call.RequestState = result.RequestState;
                _awaitingInput.Add(call);
                if (_awaitingInput.Count > MostAwaited)
                {
                    givenUp = (_awaitingInput[0], NoInput);
                    _awaitingInput.RemoveAt(0);
                }

                return null;
            }

            if (result.TaskId is { } task && result.ResultType is null or "task")
            {
                givenUp = _tasks.Add(task, call) is { } former ? (former, OpenTasks.GivenUp) : null;
                return null;
            }

            return Outcome.Of(result);
        }
    }

    private OpenCall? Take(RequestKey id)
    {
        lock (_lock)
            return _byRequest.Remove(id, out var call) ? call : null;
    }

    private OpenCall? TakeAwaiting(CallRequest request, string? requestState)
    {
        lock (_lock)
        {
            var found = _awaitingInput.FindIndex(call => call.Request == request && call.RequestState == requestState);
            if (found < 0)
                return null;
            var call = _awaitingInput[found];
            _awaitingInput.RemoveAt(found);
            return call;
        }
    }

    /// <summary>Ends a call that is not, or no longer, among those whose answers are expected.</summary>
    public async ValueTask EndAsync(OpenCall call, ToolCallOutcome outcome)
    {
        try
        {
            await call.Call.CompleteAsync(outcome);
        }
        catch (TrailWriteException e)
        {
            // No answer stands for this outcome, so there is nobody to refuse it to.
            ProxyLog.OutcomeNotRecorded(_logger, call.Request.Tool, e);
        }
    }
}
