using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
/// <param name="end">Says that a stream of events has gone on for long enough.</param>
internal sealed class Relay(
    Uri upstream, AnswerBody answer, CallScope scope, HttpSessions sessions, MessageEndpoints endpoints, ILogger logger, CancellationToken end) : HttpTransformer
{
    // What was encoded once stays encoded once.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether an address is of the server's origin, so that requests to it lead through the proxy.</summary>
    public static bool IsWithin(Uri upstream, Uri address) =>
        Uri.Compare(address, upstream, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>What a request asks for, as its client wrote it: path and query.</summary>
    public static string TargetOf(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        // Clients of a forward proxy name the server too.
        return !target.StartsWith('/') && Uri.TryCreate(target, AsWritten, out var address) ? address.PathAndQuery : target;
    }

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        var isServer = request.Path == "/" || !request.Path.HasValue || request.Path == PathString.FromUriComponent(upstream);
        var target = TargetOf(request);
        if (isServer && endpoints.Of(request) is null)
            proxyRequest.RequestUri = new UriBuilder(upstream) { Query = request.QueryString.HasValue ? request.QueryString.Value : upstream.Query }.Uri;
        else if (target.StartsWith('/'))
            proxyRequest.RequestUri = new Uri(upstream.GetLeftPart(UriPartial.Authority) + target, AsWritten);
        // The server's own name, and answers that can be read.
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.AcceptEncoding.Clear();
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var asked = new Uri(proxyResponse?.RequestMessage?.RequestUri?.AbsoluteUri ?? upstream.AbsoluteUri);
        if (proxyResponse?.Headers.Location is { } location)
            StayHere(httpContext, proxyResponse, new Uri(asked, location));
        // Before the client knows of it, and can use it.
        if (proxyResponse?.Headers.TryGetValues(HttpSessions.Header, out var ids) == true)
            sessions.Begin(ids.First(), scope);
        await answer.BeginAsync(proxyResponse?.Content.Headers.ContentType?.MediaType);
        if (answer.Events is not { } events)
            return goesOn;
        // Giving the request up would take from the client what it has not read yet.
        proxyResponse!.Content = new StreamContent(new EndingStream(await proxyResponse.Content.ReadAsStreamAsync(cancellationToken), end));
        if (HttpMethods.IsGet(httpContext.Request.Method))
            events.EndpointNamed = endpoint => LocalOf(httpContext.Request, endpoints.Begin(new Uri(asked, endpoint), scope, events));
        return goesOn;
    }

    // A path as the client is to know it: with two slashes at its beginning it would be another server's name.
    private static string LocalOf(HttpRequest request, string path) => path.StartsWith("//", StringComparison.Ordinal) ? $"{request.Scheme}://{request.Host}{path}" : path;

    // A client that follows its message past the proxy, or the stream that names an endpoint, would make its calls there from then on.
    private void StayHere(HttpContext context, HttpResponseMessage response, Uri location)
    {
        var isMessage = HttpMethods.IsPost(context.Request.Method)
            ? response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            : context.Request.Headers.Accept.Any(accepted => accepted?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false);
        if (isMessage)
            logger.LogUpstreamMoved(location);
        if (IsWithin(upstream, location))
        {
            endpoints.Follow(context.Request, location);
            context.Response.Headers.Location = LocalOf(context.Request, location.GetComponents(UriComponents.PathAndQuery | UriComponents.Fragment | UriComponents.KeepDelimiter, UriFormat.UriEscaped));
        }
        else if (isMessage)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            context.Response.Headers.Remove("Location");
        }
    }
}
