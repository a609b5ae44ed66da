using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>A run of an agent whose calls are recorded: which of them ran, and which got an answer without having run.</summary>
internal sealed class RecordedRun
{
    private static readonly AsyncLocal<RecordedRun?> Ambient = new();
    private static readonly ConditionalWeakTable<FunctionInvokingChatClient, object> Followed = [];

    private readonly FunctionCapture _capture;
    private readonly Dictionary<string, FunctionCallContent> _calls = [];

    // Functions may run side by side.
    private readonly ConcurrentDictionary<string, bool> _recorded = [];

    private RecordedRun(FunctionCapture capture, IReadOnlyCollection<string> rejected)
    {
        _capture = capture;
        foreach (var id in rejected)
            _recorded[id] = true;
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
            client.FunctionInvoker = (context, cancellationToken) =>
                Current is { } run ? run.InvokeAsync(context, invoke, cancellationToken) : invoke(context, cancellationToken);
        }
    }

    /// <summary>Begins a run: what people rejected in its messages is recorded.</summary>
    public static async ValueTask<RecordedRun> BeginAsync(FunctionCapture capture, IReadOnlyCollection<ChatMessage> messages) =>
        new(capture, await capture.RecordRejectionsAsync(messages, null).ConfigureAwait(false));

    /// <summary>Looks at what the run answers: a call that got a result here and did not run was of an unknown tool.</summary>
    /// <param name="role">Who says it: results that were made on this machine are the tool's, those of a service that runs tools itself the assistant's.</param>
    /// <param name="contents">What is said.</param>
    public async ValueTask SeeAsync(ChatRole? role, IList<AIContent> contents)
    {
        foreach (var content in contents)
        {
            if (content is FunctionCallContent call)
                _calls[call.CallId] = call;
            else if (content is FunctionResultContent result && role == ChatRole.Tool
                && _calls.TryGetValue(result.CallId, out var asked) && _recorded.TryAdd(result.CallId, true))
                await _capture.RecordUnknownAsync(asked, null).ConfigureAwait(false);
        }
    }

    private ValueTask<object?> InvokeAsync(
        FunctionInvocationContext context, Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>> invoke, CancellationToken cancellationToken)
    {
        _recorded[context.CallContent.CallId] = true;
        return _capture.InvokeAsync(context, invoke, cancellationToken);
    }
}
