using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Extensions.AI;

/// <summary>What all captures of this package do with a call: ask the policy, run the function, record how it ended.</summary>
internal sealed class FunctionCapture
{
    // What is being recorded here: a function that records itself is not to be recorded twice.
    private static readonly AsyncLocal<(AIFunction Function, FunctionInvocationContext? Context)?> Recorded = new();

    // What a request brought and was recorded: a host may send it again, after the model has failed for example.
    private static readonly ConditionalWeakTable<AIContent, object> Told = [];

    private readonly ToolCallRecorder _recorder;
    private readonly CaptureOptions _options;
    private readonly ChatClientMetadata? _client;

    /// <param name="recorder">Where to; <c>null</c>: the process's own.</param>
    /// <param name="options">What the host cannot tell; <c>null</c>: the defaults.</param>
    /// <param name="client">The client whose model makes the calls, as far as it is known.</param>
    public FunctionCapture(ToolCallRecorder? recorder, CaptureOptions? options, ChatClientMetadata? client = null)
    {
        _recorder = recorder ?? ToolCallRecorder.Default;
        _options = options ?? new CaptureOptions();
        _client = client;
    }

    /// <summary>Whether the call that a function is to record is being recorded by a capture further out.</summary>
    public static bool IsRecording(RecordingAIFunction function) =>
        Recorded.Value is { } recorded && ReferenceEquals(recorded.Context, FunctionInvokingChatClient.CurrentContext) && function.IsWithin(recorded.Function);

    /// <summary>Invokes a function that a model called, and records how the call ended.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="invoke">Invokes it.</param>
    /// <param name="cancellationToken">Handed to the function.</param>
    /// <returns>What the function returned, or the policy's refusal for the model to read.</returns>
    /// <exception cref="TrailWriteException">It could not be recorded, and its failure policy is to refuse.</exception>
    public async ValueTask<object?> InvokeAsync(
        FunctionInvocationContext context, Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>> invoke, CancellationToken cancellationToken)
    {
        var record = Describe(context.CallContent, context.Options);
        var (result, denial) = await RunAsync(
            record, context.Function, token => invoke(context, token), cancellationToken).ConfigureAwait(false);
        return denial is null ? result : denial.Message;
    }

    /// <summary>Invokes a function that a program called, and records how the call ended.</summary>
    /// <exception cref="ToolCallDeniedException">The policy refused.</exception>
    /// <exception cref="TrailWriteException">It could not be recorded, and its failure policy is to refuse.</exception>
    public async ValueTask<object?> InvokeAsync(
        AIFunction function, AIFunctionArguments arguments, Func<CancellationToken, ValueTask<object?>> invoke, CancellationToken cancellationToken)
    {
        var record = Describe(function.Name, null) with { Arguments = FunctionArguments.ToJson(arguments, function.JsonSerializerOptions) };
        var (result, denial) = await RunAsync(record, function, invoke, cancellationToken).ConfigureAwait(false);
        return denial is null ? result : throw new ToolCallDeniedException(denial);
    }

    /// <summary>Records a call that no function here ran.</summary>
    public ValueTask RecordAsync(ToolCallContent call, ChatOptions? request, ToolCallOutcome outcome)
    {
        var record = Describe(call, request);
        // A model may invent any name.
        return _recorder.RecordAsync(outcome.ApplyTo(record with { Tool = OwnLines.Unreserved(record.Tool) }));
    }

    /// <summary>Records a call of a tool that there is not.</summary>
    public ValueTask RecordUnknownAsync(FunctionCallContent call, ChatOptions? request) =>
        RecordAsync(call, request, ToolCallOutcome.Failed(new ToolCallError("unknown_tool", $"There is no tool '{call.Name}'.")));

    /// <summary>Leaves a call to the caller: it is recorded once its result comes.</summary>
    public void Leave(FunctionCallContent call) => CallerResults.Leave(_options.UserOr(null), call);

    /// <summary>Records what a request tells of earlier calls: that people rejected them, or what the caller's own tools answered.</summary>
    /// <returns>The ids of those that were rejected.</returns>
    public async ValueTask<IReadOnlyCollection<string>> RecordEarlierAsync(IReadOnlyCollection<ChatMessage> messages, ChatOptions? request)
    {
        List<string>? rejected = null;
        foreach (var rejection in Rejections.In(messages))
        {
            await RecordOnceAsync(rejection, rejection.ToolCall, request, ToolCallOutcome.Denied(Rejections.ReasonOf(rejection))).ConfigureAwait(false);
            (rejected ??= []).Add(rejection.ToolCall.CallId);
        }

        foreach (var (call, result) in CallerResults.In(_options.UserOr(null), messages))
            await RecordOnceAsync(result, call, request, FunctionOutcome.Of(result, AIJsonUtilities.DefaultOptions)).ConfigureAwait(false);
        return rejected ?? [];
    }

    private async ValueTask RecordOnceAsync(AIContent brought, ToolCallContent call, ChatOptions? request, ToolCallOutcome outcome)
    {
        if (Told.TryGetValue(brought, out _))
            return;
        await RecordAsync(call, request, outcome).ConfigureAwait(false);
        Told.AddOrUpdate(brought, this);
    }

    private async ValueTask<(object? Result, ToolCallDenial? Denial)> RunAsync(
        ToolCallRecord record,
        AIFunction function,
        Func<CancellationToken, ValueTask<object?>> invoke,
        CancellationToken cancellationToken)
    {
        var call = await _recorder.BeginAsync(record, cancellationToken).ConfigureAwait(false);
        if (call.Denial is { } denial)
            return (null, denial);
        object? result;
        try
        {
            Recorded.Value = (function, FunctionInvokingChatClient.CurrentContext);
            result = await invoke(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // How it ended is recorded even when the caller has given up.
            await call.CompleteAsync(ToolCallOutcome.Of(e), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await call.CompleteAsync(FunctionOutcome.Of(result, function.JsonSerializerOptions), CancellationToken.None).ConfigureAwait(false);
        return (result, null);
    }

    private ToolCallRecord Describe(ToolCallContent content, ChatOptions? request)
    {
        var call = RequestedCall.Of(content);
        return Describe(call.Tool, request) with
        {
            Arguments = FunctionArguments.ToJson(call.Arguments, AIJsonUtilities.DefaultOptions),
            CallId = content.CallId,
            Server = call.Server,
        };
    }

    private ToolCallRecord Describe(string tool, ChatOptions? request)
    {
        var run = Microsoft.Agents.AI.AIAgent.CurrentRunContext;
        return new ToolCallRecord
        {
            User = _options.UserOr(null),
            Tool = tool,
            Agent = _options.Agent ?? run?.Agent.Name,
            Session = _options.Session ?? request?.ConversationId ?? SessionIds.Of(run?.Session),
            Engine = _client?.ProviderName,
            Model = request?.ModelId ?? _client?.DefaultModelId,
            Source = run is null ? "extensions-ai" : "agent-framework",
        };
    }
}
