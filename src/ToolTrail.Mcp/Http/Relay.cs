using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ToolTrail.Mcp.Proxy;
using Yarp.ReverseProxy.Forwarder;

namespace ToolTrail.Mcp.Http;

/// <summary>Sends a request to where the client means it, and lets the answer's body be looked at.</summary>
/// <param name="upstream">The server's address.</param>
/// <param name="answer">The answer's body.</param>
/// <param name="scope">The request's scope.</param>
/// <param name="sessions">Told of a session that begins with the answer.</param>
/// <param name="endpoints">Told of an endpoint for messages that the answer names.</param>
/// <param name="logger">Told of a server that has moved.</param>
internal sealed class Relay(Uri upstream, AnswerBody answer, CallScope scope, HttpSessions sessions, MessageEndpoints endpoints, ILogger logger) : HttpTransformer
{
    /// <summary>Whether an address is of the server's origin, so that requests to it lead through the proxy.</summary>
    public static bool IsWithin(Uri upstream, Uri address) =>
        Uri.Compare(address, upstream, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

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
        var asked = proxyResponse?.RequestMessage?.RequestUri;
        if (proxyResponse?.Headers.Location is { } location)
            StayHere(httpContext, proxyResponse, new Uri(asked!, location));
        // Before the client knows of it, and can use it.
        if (proxyResponse?.Headers.TryGetValues(HttpSessions.Header, out var ids) == true)
            sessions.Begin(ids.First(), scope);
        await answer.BeginAsync(proxyResponse?.Content.Headers.ContentType?.MediaType);
        if (answer.Events is { } events && scope.Template.Session is null && HttpMethods.IsGet(httpContext.Request.Method))
            events.EndpointNamed = endpoint => endpoints.Begin(new Uri(asked!, endpoint), scope, events);
        return goesOn;
    }

    // A client that follows its message past the proxy would make its calls there from then on.
    private void StayHere(HttpContext context, HttpResponseMessage response, Uri location)
    {
        var isMessage = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && HttpMethods.IsPost(context.Request.Method);
        if (isMessage)
            logger.LogUpstreamMoved(location);
        if (IsWithin(upstream, location))
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
