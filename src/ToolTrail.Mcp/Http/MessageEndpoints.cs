using Microsoft.AspNetCore.Http;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// The sessions of the transport before Streamable HTTP (HTTP with SSE, 2024-11-05): a stream, which lasts as long as its session, names an endpoint to the client
/// to post messages to, and brings the answers. Safe for use by several threads.
/// </summary>
/// <param name="upstream">The server's address.</param>
internal sealed class MessageEndpoints(Uri upstream)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Session>> _byEndpoint = new(StringComparer.Ordinal);

    /// <summary>The session to whose endpoint a message is posted; <c>null</c>: none. Where several have the same one, the youngest.</summary>
    public Session? Of(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || !Uri.TryCreate(upstream.GetLeftPart(UriPartial.Authority) + Relay.TargetOf(request), UriKind.Absolute, out var endpoint))
            return null;
        lock (_lock)
            return _byEndpoint.TryGetValue(KeyOf(endpoint), out var sessions) ? sessions[^1] : null;
    }

    /// <summary>Whether a stream brings the answers of a session.</summary>
    public bool Has(EventRelay stream)
    {
        lock (_lock)
            return _byEndpoint.Values.Any(sessions => sessions.Exists(session => session.Stream == stream));
    }

    /// <summary>A stream names an endpoint to its client: a session begins, which has the endpoint's name. A stream that is of a session by its header stays there.</summary>
    /// <returns>The endpoint's path and query.</returns>
    /// <exception cref="InvalidDataException">It is another server's: a client that posted there would make its calls past the proxy.</exception>
    public string Begin(Uri endpoint, CallScope scope, EventRelay stream)
    {
        if (!Relay.IsWithin(upstream, endpoint))
            throw new InvalidDataException($"The server has its clients post to another one, {endpoint}.");
        var key = KeyOf(endpoint);
        lock (_lock)
        {
            if (scope.Template.Session is null || Has(stream))
            {
                scope.Template = scope.Template with { Session = scope.Template.Session ?? key };
                Add(key, new Session(scope, stream));
            }
        }

        return key;
    }

    /// <summary>The server sends a client on with its message: what comes to the new address belongs to the same session, if to any.</summary>
    public void Follow(HttpRequest request, Uri address)
    {
        lock (_lock)
        {
            if (Of(request) is { } session)
                Add(KeyOf(address), session);
        }
    }

    /// <summary>A stream is over, and its session with it.</summary>
    /// <returns>Whether it had one.</returns>
    public bool End(EventRelay stream)
    {
        lock (_lock)
        {
            var removed = 0;
            foreach (var (endpoint, sessions) in _byEndpoint)
            {
                removed += sessions.RemoveAll(session => session.Stream == stream);
                if (sessions.Count == 0)
                    _byEndpoint.Remove(endpoint);
            }

            return removed > 0;
        }
    }

    private static string KeyOf(Uri endpoint) => endpoint.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped);

    private void Add(string endpoint, Session session)
    {
        if (!_byEndpoint.TryGetValue(endpoint, out var sessions))
            _byEndpoint.Add(endpoint, sessions = []);
        if (!sessions.Contains(session))
            sessions.Add(session);
    }

    /// <summary>A session.</summary>
    /// <param name="Scope">Its calls.</param>
    /// <param name="Stream">What brings the answers.</param>
    internal sealed record Session(CallScope Scope, EventRelay Stream);
}
