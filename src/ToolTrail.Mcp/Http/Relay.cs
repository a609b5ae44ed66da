using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ToolTrail.Mcp.Http;

/// <summary>Sends a request to where the client means it, and lets the answer's body be looked at.</summary>
internal sealed class Relay(Uri upstream, AnswerBody answer, Action<string> sessionBegins, ILogger logger) : HttpTransformer
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
        if (proxyResponse?.Headers.Location is { } location)
            StayHere(httpContext, proxyResponse, new Uri(proxyResponse.RequestMessage!.RequestUri!, location));
        // Before the client knows of it, and can use it.
        if (proxyResponse?.Headers.TryGetValues(HttpSessions.Header, out var ids) == true)
            sessionBegins(ids.First());
        await answer.BeginAsync(proxyResponse?.Content.Headers.ContentType?.MediaType);
        return goesOn;
    }

    // A client that follows its message past the proxy would make its calls there from then on.
    private void StayHere(HttpContext context, HttpResponseMessage response, Uri location)
    {
        var isMessage = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && HttpMethods.IsPost(context.Request.Method);
        if (isMessage)
            logger.LogUpstreamMoved(location);
        if (Uri.Compare(location, upstream, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            context.Response.Headers.Location = location.GetComponents(UriComponents.PathAndQuery | UriComponents.Fragment | UriComponents.KeepDelimiter, UriFormat.UriEscaped);
        }
        else if (isMessage)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            context.Response.Headers.Remove("Location");
        }
    }
}
