using System.Collections.Concurrent;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>The sessions of the eras before 2026-07-28, by the id that the server gave them. Safe for use by several threads.</summary>
internal sealed class HttpSessions
{
    /// <summary>The header that names a session.</summary>
    public const string Header = "Mcp-Session-Id";

    private const int MostIdle = 1000;
    private static readonly long IdleMilliseconds = (long)TimeSpan.FromHours(24).TotalMilliseconds;

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>A session's scope; made for one that was not known: it began before the proxy did.</summary>
    public CallScope Of(string id, Func<CallScope> make)
    {
        var session = _sessions.GetOrAdd(id, _ => new Session(make()));
        session.LastUsed = Environment.TickCount64;
        if (_sessions.Count > MostIdle)
            Prune();
        return session.Scope;
    }

    /// <summary>The server has begun a session with its answer to a request.</summary>
    /// <param name="id">The session's.</param>
    /// <param name="request">The scope of that request, <c>initialize</c>: it told who the client is.</param>
    public void Begin(string id, CallScope request) =>
        _sessions.TryAdd(id, new Session(new CallScope(request.Template with { Session = id }) { ClientName = request.ClientName }) { LastUsed = Environment.TickCount64 });

    /// <summary>Forgets a session; <c>null</c>: it was not known.</summary>
    public CallScope? Remove(string id) => _sessions.TryRemove(id, out var session) ? session.Scope : null;

    // Clients are not bound to say that a session is over.
    private void Prune()
    {
        foreach (var (id, session) in _sessions)
        {
            if (Environment.TickCount64 - session.LastUsed > IdleMilliseconds)
                _sessions.TryRemove(id, out _);
        }
    }

    private sealed class Session(CallScope scope)
    {
        public CallScope Scope => scope;

        public long LastUsed { get; set; }
    }
}
