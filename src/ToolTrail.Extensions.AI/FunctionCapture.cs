using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Extensions.AI;

/// <summary>What all captures of this package do with a call: ask the policy, run the function, record how it ended.</summary>
internal sealed class FunctionCapture
{
    // Arguments of the call that is being recorded here: a function that records itself is not to be recorded twice.
    private static readonly AsyncLocal<AIFunctionArguments?> Recorded = new();

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

    /// <summary>Whether the call with these arguments is being recorded by a capture further out.</summary>
    public static bool IsRecording(AIFunctionArguments arguments) => ReferenceEquals(Recorded.Value, arguments);

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
            record, context.Function, context.Arguments, token => invoke(context, token), cancellationToken).ConfigureAwait(false);
        return denial is null ? result : denial.Message;
    }

    /// <summary>Invokes a function that a program called, and records how the call ended.</summary>
    /// <exception cref="ToolCallDeniedException">The policy refused.</exception>
    /// <exception cref="TrailWriteException">It could not be recorded, and its failure policy is to refuse.</exception>
    public async ValueTask<object?> InvokeAsync(
        AIFunction function, AIFunctionArguments arguments, Func<CancellationToken, ValueTask<object?>> invoke, CancellationToken cancellationToken)
    {
        var record = Describe(function.Name, null) with { Arguments = FunctionArguments.ToJson(arguments, function.JsonSerializerOptions) };
        var (result, denial) = await RunAsync(record, function, arguments, invoke, cancellationToken).ConfigureAwait(false);
        return denial is null ? result : throw new ToolCallDeniedException(denial);
    }

    /// <summary>Records a call of a tool that there is not.</summary>
    public ValueTask RecordUnknownAsync(FunctionCallContent call, ChatOptions? request) => RecordAsync(
        Describe(call, request), ToolCallOutcome.Failed(new ToolCallError("unknown_tool", $"There is no tool '{call.Name}'.")));

    /// <summary>Records the calls that people rejected in a request.</summary>
    /// <returns>Their ids.</returns>
    public async ValueTask<IReadOnlyCollection<string>> RecordRejectionsAsync(IReadOnlyCollection<ChatMessage> messages, ChatOptions? request)
    {
        List<string>? rejected = null;
        foreach (var (call, reason) in Rejections.In(messages))
        {
            await RecordAsync(Describe(call, request), ToolCallOutcome.Denied(reason)).ConfigureAwait(false);
            (rejected ??= []).Add(call.CallId);
        }

        return rejected ?? [];
    }

    private async ValueTask<(object? Result, ToolCallDenial? Denial)> RunAsync(
        ToolCallRecord record,
        AIFunction function,
        AIFunctionArguments arguments,
        Func<CancellationToken, ValueTask<object?>> invoke,
        CancellationToken cancellationToken)
    {
        var call = await _recorder.BeginAsync(record, cancellationToken).ConfigureAwait(false);
        if (call.Denial is { } denial)
            return (null, denial);
        object? result;
        try
        {
            Recorded.Value = arguments;
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

    private ValueTask RecordAsync(ToolCallRecord record, ToolCallOutcome outcome) =>
        _recorder.RecordAsync(record with { Status = outcome.Status, Error = outcome.Error, Reason = outcome.Reason });

    private ToolCallRecord Describe(FunctionCallContent call, ChatOptions? request) => Describe(call.Name, request) with
    {
        Arguments = FunctionArguments.ToJson(call.Arguments, AIJsonUtilities.DefaultOptions),
        CallId = call.CallId,
    };

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
