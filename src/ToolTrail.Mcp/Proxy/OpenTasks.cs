using ToolTrail.Mcp.Protocol;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// The calls that a server answered with a task. A task is a promise and no outcome: the call ends when the client sees how the task ended, through
/// <c>tasks/result</c> (2025-11-25), <c>tasks/get</c>, <c>tasks/cancel</c> or a notification.
/// </summary>
/// <remarks>Not safe for use by several threads: its owner's lock guards it.</remarks>
internal sealed class OpenTasks
{
    /// <summary>How many are waited for: clients are not bound to ask what became of one.</summary>
    public const int Most = 1_000;

    private readonly OrderedDictionary<string, OpenCall> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<RequestKey, (string Task, bool WantsResult)> _questions = [];

    /// <summary>Whether a task is open.</summary>
    public bool Any => _calls.Count > 0;

    /// <summary>How a call ends that is not waited for any more.</summary>
    public static ToolCallOutcome GivenUp { get; } = ToolCallOutcome.Failed(
        new ToolCallError("task_given_up", "The server began another task of the same name, or too many others, before it was seen how this one ended."));

    /// <summary>A call has become a task.</summary>
    /// <returns>The call that is not waited for any more: of a task of the same name, or the oldest; <c>null</c>: none.</returns>
    public OpenCall? Add(string task, OpenCall call)
    {
        if (!_calls.Remove(task, out var former) && _calls.Count == Most)
        {
            former = _calls.GetAt(0).Value;
            _calls.RemoveAt(0);
        }

        _calls.Add(task, call);
        return former;
    }

    /// <summary>The client asks something about a task.</summary>
    public void Ask(RequestKey id, string method, string task)
    {
        if (_calls.ContainsKey(task))
            _questions[id] = (task, method == "tasks/result");
    }

    /// <summary>The server answers a question about a task.</summary>
    /// <returns>The outcome of <paramref name="call"/>, which is then no longer open; <c>null</c>: none.</returns>
    public ToolCallOutcome? Answer(RequestKey id, JsonRpcMessage answer, out OpenCall? call)
    {
        call = null;
        if (!_questions.Remove(id, out var question))
            return null;
        if (question.WantsResult)
            return _calls.Remove(question.Task, out call) ? Outcome.Of(answer) : null;

        // An error says that the question failed, not the task.
        return answer.Error.IsEmpty ? End(question.Task, McpResult.Parse(answer.Result), out call) : null;
    }

    /// <summary>The server tells of a task unasked.</summary>
    /// <returns>As <see cref="Answer"/>.</returns>
    public ToolCallOutcome? Tell(McpResult state, out OpenCall? call)
    {
        call = null;
        return state.TaskId is { } task ? End(task, state, out call) : null;
    }

    /// <summary>No question of a scope is answered any more.</summary>
    public void Forget(CallScope scope)
    {
        foreach (var key in _questions.Keys.Where(key => key.Scope == scope).ToList())
            _questions.Remove(key);
    }

    /// <summary>Gives up all tasks.</summary>
    public List<OpenCall> TakeAll()
    {
        List<OpenCall> all = [.. _calls.Values];
        _calls.Clear();
        return all;
    }

    private ToolCallOutcome? End(string task, McpResult state, out OpenCall? call)
    {
        call = null;
        return Outcome.OfTask(state) is { } outcome && _calls.Remove(task, out call) ? outcome : null;
    }
}
