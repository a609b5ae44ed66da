using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;

namespace ToolTrail.Extensions.AI;

/// <summary>A request of a chat client, or a run of an agent, whose calls are recorded: those that ran, and those that the model asked for and that did not.</summary>
internal sealed class RecordedRun
{
    private static readonly AsyncLocal<RecordedRun?> Ambient = new();
    private static readonly ConditionalWeakTable<FunctionInvokingChatClient, object> Followed = [];

    private readonly FunctionCapture _capture;
    private readonly FunctionInvokingChatClient _client;
    private readonly IReadOnlyCollection<string> _rejected;

    // Functions may run side by side.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ToolCallContent> _unanswered = [];
    private readonly HashSet<ToolCallContent> _recorded = new(ReferenceEqualityComparer.Instance);
    private ChatOptions? _options;

    private RecordedRun(FunctionCapture capture, FunctionInvokingChatClient client, ChatOptions? options, IReadOnlyCollection<string> rejected)
    {
        _capture = capture;
        _client = client;
        _options = options;
        _rejected = rejected;
    }

    /// <summary>The run that the code belongs to; <c>null</c>: none that is recorded.</summary>
    public static RecordedRun? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Has a client tell the run of each function that it invokes, whatever agents share it.</summary>
    public static void Follow(FunctionInvokingChatClient client)
    {
        lock (Followed)
        {
            if (!Followed.TryAdd(client, client))
                return;
            var invoke = client.FunctionInvoker ?? ((context, cancellationToken) => context.Function.InvokeAsync(context.Arguments, cancellationToken));
            client.FunctionInvoker = (context, cancellationToken) => Current is { } run && ReferenceEquals(run._client, client)
                ? run.InvokeAsync(context, invoke, cancellationToken)
                : invoke(context, cancellationToken);
        }
    }

    /// <summary>Begins a run: what its messages tell of earlier calls is recorded.</summary>
    /// <param name="capture">What records.</param>
    /// <param name="client">The client that invokes the functions.</param>
    /// <param name="messages">What the run begins with.</param>
    /// <param name="options">With the tools that there are; <c>null</c>: they are known once one is invoked.</param>
    public static async ValueTask<RecordedRun> BeginAsync(
        FunctionCapture capture, FunctionInvokingChatClient client, IReadOnlyCollection<ChatMessage> messages, ChatOptions? options) =>
        new(capture, client, options, await capture.RecordEarlierAsync(messages, options).ConfigureAwait(false));

    /// <summary>Invokes a function and records how the call ended.</summary>
    public ValueTask<object?> InvokeAsync(
        FunctionInvocationContext context, Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>> invoke, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _options = context.Options ?? _options;
            _recorded.Add(context.CallContent);
            // If one ends the run by an exception, nothing else will show which others the model had asked for along with it. Looked at before the first
            // of them runs: functions may change the messages.
            if (context.FunctionCount > 1 && !_unanswered.ContainsValue(context.CallContent)
                && context.Messages.LastOrDefault(message => message.Contents.Contains(context.CallContent)) is { } batch)
                Ask(batch.Contents);
        }

        return _capture.InvokeAsync(context, invoke, cancellationToken);
    }

    /// <summary>Records a call of a tool that there is not.</summary>
    public ValueTask RecordUnknownAsync(FunctionCallContent call)
    {
        lock (_lock)
            _recorded.Add(call);
        return _capture.RecordUnknownAsync(call, _options);
    }

    /// <summary>Looks at what the run answers: at calls, and at results of those that no function here ran.</summary>
    /// <param name="contents">What is said.</param>
    /// <param name="showsUnknown">Whether a result of a call that did not run is that of an unknown tool; else the service ran it, and says what came of it.</param>
    public async ValueTask SeeAsync(IList<AIContent> contents, bool showsUnknown)
    {
        Ask(contents);
        foreach (var result in contents.OfType<ToolResultContent>())
        {
            if (TakeUnrecorded(result.CallId) is not { } call)
                continue;
            if (showsUnknown && call is FunctionCallContent unknown)
                await RecordUnknownAsync(unknown).ConfigureAwait(false);
            else
                await _capture.RecordAsync(call, _options, FunctionOutcome.Of(result, AIJsonUtilities.DefaultOptions)).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the run: what became of the calls that got no result in it.</summary>
    public async ValueTask EndAsync()
    {
        List<FunctionCallContent> open;
        lock (_lock)
        {
            // The client marks those that it, or the service, has dealt with.
            open = [.. _unanswered.Values.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly && !_recorded.Contains(call))];
            _unanswered.Clear();
        }

        if (open.Count == 0)
            return;
        var tools = (_options?.Tools ?? []).Concat(_client.AdditionalTools ?? []).OfType<AIFunctionDeclaration>().ToLookup(tool => tool.Name);
        // The client invokes all calls of an answer or none.
        var areLeft = open.Any(call => tools[call.Name].FirstOrDefault() is { } tool ? tool is not AIFunction : _client.TerminateOnUnknownCalls || _options is null);
        foreach (var call in open)
        {
            if (_options is not null && !tools.Contains(call.Name))
                await RecordUnknownAsync(call).ConfigureAwait(false);
            else if (!areLeft)
                await _capture.RecordAsync(call, _options, ToolCallOutcome.Cancelled("the client stopped before it ran the call")).ConfigureAwait(false);
            _capture.Leave(call);
        }
    }

    private void Ask(IList<AIContent> contents)
    {
        lock (_lock)
        {
            foreach (var call in contents.OfType<ToolCallContent>())
                _unanswered[call.CallId] = call;
        }
    }

    private ToolCallContent? TakeUnrecorded(string id)
    {
        lock (_lock)
            return _unanswered.Remove(id, out var call) && !_recorded.Contains(call) && !_rejected.Contains(id) ? call : null;
    }
}
