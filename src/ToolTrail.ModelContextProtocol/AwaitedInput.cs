using System.Security.Cryptography;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.ModelContextProtocol;

/// <summary>The calls whose tools asked for input (2026-07-28). The client's retry is the same call: of the same client, with the same tool, arguments and state.</summary>
internal sealed class AwaitedInput
{
    private const int Most = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Waiting> _oldestFirst = [];

    public AwaitedInput(TimeProvider time) => _time = time;

    /// <summary>Keeps a call until its retry comes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="record">What it is.</param>
    /// <param name="requestState">What the retry gives back.</param>
    /// <returns>Those that have waited for an hour, or that 1,000 others came after: no retry is expected any more.</returns>
    public IReadOnlyList<ToolCall> Add(ToolCall call, ToolCallRecord record, string? requestState)
    {
        lock (_lock)
        {
            _oldestFirst.Add(new Waiting(call, Request.Of(record, requestState), _time.GetUtcNow()));
            var late = _oldestFirst.TakeWhile((waiting, i) => i < _oldestFirst.Count - Most || _time.GetUtcNow() - waiting.Since > Patience).Count();
            return TakeFirst(late);
        }
    }

    /// <summary>Takes the call that a request is the retry of.</summary>
    public ToolCall? Take(ToolCallRecord record, string? requestState)
    {
        var request = Request.Of(record, requestState);
        lock (_lock)
        {
            var found = _oldestFirst.FindIndex(waiting => waiting.Request == request);
            if (found < 0)
                return null;
            var call = _oldestFirst[found].Call;
            _oldestFirst.RemoveAt(found);
            return call;
        }
    }

    /// <summary>Takes all: the server ends.</summary>
    public IReadOnlyList<ToolCall> TakeAll()
    {
        lock (_lock)
            return TakeFirst(_oldestFirst.Count);
    }

    private List<ToolCall> TakeFirst(int count)
    {
        List<ToolCall> calls = [.. _oldestFirst.Take(count).Select(waiting => waiting.Call)];
        _oldestFirst.RemoveRange(0, count);
        return calls;
    }

    private sealed record Waiting(ToolCall Call, Request Request, DateTimeOffset Since);

    private sealed record Request(string User, string? Agent, string? Session, string Tool, string ArgumentsHash, string? State)
    {
        public static Request Of(ToolCallRecord record, string? state) =>
            new(record.User, record.Agent, record.Session, record.Tool, Convert.ToHexString(SHA256.HashData(record.Arguments.Span)), state);
    }
}
