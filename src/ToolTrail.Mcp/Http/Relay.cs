using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace ToolTrail.Mcp.Http;

/// <summary>Sends a request to where the client means it, and lets the answer's body be looked at.</summary>
internal sealed class Relay(Uri upstream, AnswerBody answer, Action<string> sessionBegins) : HttpTransformer
{
    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var path = httpContext.Request.Path;
        if (path == "/" || !path.HasValue || path == PathString.FromUriComponent(upstream))
            proxyRequest.RequestUri = new UriBuilder(upstream) { Query = httpContext.Request.QueryString.HasValue ? httpContext.Request.QueryString.Value : upstream.Query }.Uri;
        // The server's own name, and answers that can be read.
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.AcceptEncoding.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        // Before the client knows of it, and can use it.
        if (proxyResponse?.Headers.TryGetValues(HttpSessions.Header, out var ids) == true)
            sessionBegins(ids.First());
        await answer.BeginAsync(proxyResponse?.Content.Headers.ContentType?.MediaType);
        return goesOn;
    }
}
