using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolTrail.Mcp.Proxy;

namespace ToolTrail.Mcp.Http;

/// <summary>
/// The transport before Streamable HTTP (HTTP with SSE, 2024-11-05): a stream, which lasts as long as the session, tells the client an endpoint to post its messages
/// to, and brings the answers. Safe for use by several threads.
/// </summary>
/// <param name="upstream">The server's address.</param>
internal sealed class MessageEndpoints(Uri upstream)
{
    private readonly ConcurrentDictionary<string, (CallScope Scope, EventRelay Stream)> _sessions = new(StringComparer.Ordinal);

    /// <summary>The session whose endpoint a request goes to.</summary>
    public bool TryFind(HttpRequest request, [NotNullWhen(true)] out CallScope? scope, [NotNullWhen(true)] out EventRelay? stream)
    {
        (scope, stream) = (null, null);
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!Uri.TryCreate(upstream.GetLeftPart(UriPartial.Authority) + target, UriKind.Absolute, out var endpoint) || !_sessions.TryGetValue(KeyOf(endpoint), out var session))
            return false;
        (scope, stream) = session;
        return true;
    }

    /// <summary>A stream tells its client an endpoint: a session begins, which has the endpoint's name.</summary>
    /// <returns>The endpoint as the client is to know it.</returns>
    /// <exception cref="InvalidDataException">It is another server's: a client that posted there would make its calls past the proxy.</exception>
    public string Begin(Uri endpoint, CallScope scope, EventRelay stream)
    {
        if (!Relay.IsWithin(upstream, endpoint))
            throw new InvalidDataException($"The server has its clients post to another one, {endpoint}.");
        var key = KeyOf(endpoint);
        scope.Template = scope.Template with { Session = key };
        _sessions[key] = (scope, stream);
        return key;
    }

    /// <summary>The stream is over, and its session with it.</summary>
    public void End(CallScope scope, EventRelay stream)
    {
        if (stream.Endpoint is { } endpoint)
            _sessions.TryRemove(new(endpoint, (scope, stream)));
    }

    private static string KeyOf(Uri endpoint) => endpoint.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped);
}
