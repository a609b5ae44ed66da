using System.Collections.Concurrent;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>The sessions of the eras before 2026-07-28, by the id that the server gave them. Safe for use by several threads.</summary>
/// <param name="time">The clock.</param>
internal sealed class HttpSessions(TimeProvider time)
{
    /// <summary>The header that names a session.</summary>
    public const string Header = "Mcp-Session-Id";

    /// <summary>How many are remembered: any client may name any.</summary>
    public const int Most = 10_000;

    private static readonly TimeSpan MostIdle = TimeSpan.FromDays(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <summary>A session's scope; made for one that was not known: it began before the proxy did.</summary>
    public CallScope Of(string id, Func<CallScope> make)
    {
        var session = _sessions.GetOrAdd(id, _ => new Session(make()));
        session.LastUsed = time.GetTimestamp();
        return session.Scope;
    }

    /// <summary>The server has begun a session with its answer to a request.</summary>
    /// <param name="id">The session's.</param>
    /// <param name="request">The scope of that request, <c>initialize</c>: it told who the client is.</param>
    public void Begin(string id, CallScope request) =>
        _sessions.TryAdd(id, new Session(new CallScope(request.Template with { Session = id }) { ClientName = request.ClientName }) { LastUsed = time.GetTimestamp() });

    /// <summary>Forgets a session; <c>null</c>: it was not known.</summary>
    public CallScope? Remove(string id) => _sessions.TryRemove(id, out var session) ? session.Scope : null;

    /// <summary>Forgets the sessions that nobody used for a day, clients not being bound to say that one is over, and of too many those that nobody used for longest.</summary>
    public List<CallScope> RemoveIdle()
    {
        var swept = Interlocked.Read(ref _swept);
        var tooMany = _sessions.Count > Most;
        if ((!tooMany && time.GetElapsedTime(swept) < SweepEvery) || Interlocked.CompareExchange(ref _swept, time.GetTimestamp(), swept) != swept)
            return [];
        // Some more, so that not each session that is one too many costs a sweep.
        var surplus = tooMany ? _sessions.Count - (Most - (Most / 10)) : 0;
        List<CallScope> idle = [];
        foreach (var ((id, session), index) in _sessions.OrderBy(session => session.Value.LastUsed).Select((session, index) => (session, index)))
        {
            if (index >= surplus && time.GetElapsedTime(session.LastUsed) <= MostIdle)
                break;
            if (Remove(id) is { } scope)
                idle.Add(scope);
        }

        return idle;
    }

    private sealed class Session(CallScope scope)
    {
        public CallScope Scope => scope;

        public long LastUsed { get; set; }
    }
}
