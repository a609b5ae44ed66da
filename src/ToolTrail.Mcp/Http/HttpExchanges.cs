using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ToolTrail.Mcp.Protocol;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;
using Yarp.ReverseProxy.Forwarder;

namespace ToolTrail.Mcp.Http;

/// <summary>Takes the client's HTTP requests, and relays each to the server and its answer back.</summary>
internal sealed class HttpExchanges
{
    // As much as the server over stdio is held of one message.
    private const int MostBytes = LinePump.MaxHeldLine;

    private static readonly ToolCallOutcome StreamOver = ToolCallOutcome.Failed(new ToolCallError("no_answer", "The stream in which the answer was to come is over."));

    private static readonly TimeSpan LastRead = TimeSpan.FromSeconds(5);

    // A tool may run, and a stream stay silent, as long as they like: it is the client that gives up.
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromDays(1), AllowResponseBuffering = false };

    private readonly McpHttpProxyOptions _options;
    private readonly OpenCalls _calls;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _upstream;
    private readonly ConcurrentDictionary<HttpContext, Action> _relayed = new();
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly HttpSessions _sessions = new(TimeProvider.System);
    private readonly MessageEndpoints _endpoints;
    private readonly CallerNames _names;

    /// <param name="options">The proxy's.</param>
    /// <param name="calls">The calls under way.</param>
    /// <param name="host">What takes the requests.</param>
    /// <param name="upstream">Who asks the server.</param>
    public HttpExchanges(McpHttpProxyOptions options, OpenCalls calls, WebApplication host, HttpMessageInvoker upstream)
    {
        _options = options;
        _calls = calls;
        _forwarder = host.Services.GetRequiredService<IHttpForwarder>();
        _upstream = upstream;
        _logger = host.Logger;
        _stopping = host.Lifetime.ApplicationStopping;
        _stopping.Register(EndWhatOwesNothing);
        _endpoints = new MessageEndpoints(options.Upstream);
        _names = new CallerNames(options);
    }

    /// <summary>Takes a request.</summary>
    public async Task TakeAsync(HttpContext context)
    {
        // A page of the web that has its name point here is not to reach a server through this machine's browser.
        if (!IsOurName(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await context.Response.WriteAsync("The request names another host than this machine: connect to the address that the proxy prints.");
            return;
        }

        // In another protocol calls would go on unseen.
        context.Features.Set<IHttpUpgradeFeature>(null);
        context.Features.Set<IHttpExtendedConnectFeature>(null);
        foreach (var idle in _sessions.RemoveIdle())
            await _calls.CloseAsync(idle, ToolCallOutcome.Cancelled("The session was not used for long, and is forgotten."));

        var session = context.Request.Headers[HttpSessions.Header].ToString();
        var user = _names.UserOf(context.Request);
        var posted = _endpoints.Of(context.Request);
        var scope = posted?.Scope ?? (session.Length == 0 ? new CallScope(Template(user, null)) : _sessions.Of(session, () => new CallScope(Template(user, session))));
        if (!HttpMethods.IsPost(context.Request.Method))
            await RelayAsync(context, scope, messages: default, refusals: []);
        else if (await ReadAsync(context) is { } body)
            await TakeMessagesAsync(context, scope, user, body, posted?.Stream);
    }

    private bool IsOurName(string host) =>
        host == _options.Listen.Host || host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // The request's body; null: the proxy cannot know what is in it, and passing it would be a way round the policy.
    private static async Task<MemoryStream?> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var isPlain = request.Headers.ContentEncoding.All(encoding => "identity".Equals(encoding, StringComparison.OrdinalIgnoreCase));
        if (!isPlain || (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && type.Encoding?.WebName is not ("utf-8" or "us-ascii")))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            context.Response.Headers.AcceptEncoding = "identity";
            return null;
        }

        var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (body.Length + read > MostBytes)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return null;
            }

            body.Write(buffer, 0, read);
        }

        // JSON in UTF-16 or UTF-32, which some servers take without being told: in UTF-8 it has no such byte.
        if ((request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) ?? true) && body.GetBuffer().AsSpan(0, (int)body.Length).Contains((byte)0))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        body.Position = 0;
        return body;
    }

    // What goes on to the server is the request's body from now on, unless nothing does.
    private async Task TakeMessagesAsync(HttpContext context, CallScope scope, string user, MemoryStream body, EventRelay? stream)
    {
        using var answers = new MemoryStream();
        ReadOnlyMemory<byte> messages = body.GetBuffer().AsMemory(0, (int)body.Length);
        var passing = await new ClientInspector(_calls, scope, new LineOutput(answers), _logger, user).InspectAsync(messages);
        if (stream is not null && answers.Length > 0)
        {
            if (!stream.Tell(answers.ToArray()))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync("The client does not read the answers that it was given.");
                return;
            }

            answers.SetLength(0);
        }

        if (passing is not null)
        {
            if (passing.Length == 0)
            {
                await AnswerAsync(context.Response, answers.ToArray());
                return;
            }

            messages = passing;
            body = new MemoryStream(passing);
        }

        context.Request.Body = body;
        context.Request.ContentLength = body.Length;
        await RelayAsync(context, scope, messages, answers.ToArray());
        if (stream is { IsOver: true })
            await _calls.CloseAsync(scope, StreamOver);
    }

    private static async Task AnswerAsync(HttpResponse response, byte[] answers)
    {
        if (answers.Length == 0)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        response.ContentType = "application/json";
        response.ContentLength = answers.Length;
        await response.Body.WriteAsync(answers);
    }

    private async Task RelayAsync(HttpContext context, CallScope scope, ReadOnlyMemory<byte> messages, byte[] refusals)
    {
        var answer = new AnswerBody(context.Response, new ServerInspector(_calls, scope), refusals) { EventsWentOn = EndWhatOwesNothing };
        context.Response.Body = answer;

        // Others may ask when the request is over: by then its context serves another, and these are not disposed.
        var bringsAnswers = !messages.IsEmpty || context.Request.Headers.ContainsKey("Last-Event-ID");
        var unanswered = new CancellationTokenSource();
        var unended = new CancellationTokenSource();
        _relayed[context] = EndUnlessOwing;
        EndWhatOwesNothing();
        var error = ForwarderError.NoAvailableDestinations;
        try
        {
            var relay = new Relay(_options.Upstream, answer, scope, _sessions, _endpoints, _logger, unended.Token);
            error = await _forwarder.SendAsync(context, _options.Upstream.GetLeftPart(UriPartial.Authority), _upstream, Patient, relay, unanswered.Token);
            var isCutOff = answer.Events is not null && unended.IsCancellationRequested;
            if (error == ForwarderError.None && !isCutOff)
                await answer.EndAsync();
            else if (error != ForwarderError.None && !IsGivenUp(context, error) && !unanswered.IsCancellationRequested)
                _logger.LogUpstreamFailed(CauseOf(context, error));
        }
        finally
        {
            var isLast = scope.Template.Session is null;
            if (answer.Events is { } stream)
            {
                await stream.DisposeAsync();
                isLast |= _endpoints.End(stream);
            }

            await EndAsync(context, scope, messages, error, isLast);
            _relayed.TryRemove(context, out _);
            EndWhatOwesNothing();
        }

        void EndUnlessOwing()
        {
            if ((bringsAnswers || (answer.Events is { } events && _endpoints.Has(events))) && _calls.Owes(scope))
                return;
            unended.Cancel();
            // What a stream has brought so far the client may still read.
            unanswered.CancelAfter(answer.Events is null ? TimeSpan.Zero : LastRead);
        }
    }

    // A stream without an end is not waited for when the proxy stops; an answer that is owed is, and then it is asked again.
    private void EndWhatOwesNothing()
    {
        if (!_stopping.IsCancellationRequested)
            return;
        foreach (var (_, endUnlessOwing) in _relayed)
            endUnlessOwing();
    }

    // The connection is also aborted by the proxy itself, when it is the server that breaks off.
    private static bool IsGivenUp(HttpContext context, ForwarderError error) =>
        context.RequestAborted.IsCancellationRequested
        && error != ForwarderError.ResponseBodyDestination
        && context.Features.Get<IForwarderErrorFeature>()?.Exception?.GetBaseException() is not InvalidDataException;

    // The last answer of a scope: no other can come.
    private async Task EndAsync(HttpContext context, CallScope scope, ReadOnlyMemory<byte> messages, ForwarderError error, bool isLast)
    {
        var status = context.Response.StatusCode;
        var isGivenUp = IsGivenUp(context, error);
        // It is the proxy that gave up, and all calls end with it.
        if (isGivenUp && _stopping.IsCancellationRequested)
            return;
        if (isLast)
        {
            await _calls.CloseAsync(scope, isGivenUp ? ToolCallOutcome.Cancelled("The client closed the response stream.") : OutcomeOf(context, error));
        }
        else if ((HttpMethods.IsDelete(context.Request.Method) || status == StatusCodes.Status404NotFound) && _sessions.Remove(scope.Template.Session!) is { } ended)
        {
            await _calls.CloseAsync(ended, ToolCallOutcome.Cancelled("The session ended before the server answered."));
        }
        else if (status >= StatusCodes.Status300MultipleChoices && !isGivenUp)
        {
            // No answer comes to this request; to the session's others it may, also in a stream that broke off and that the client takes up again.
            foreach (var id in CallsOf(messages))
                await _calls.EndAsync(scope, id, OutcomeOf(context, error));
        }
    }

    private static IEnumerable<JsonRpcId> CallsOf(ReadOnlyMemory<byte> messages)
    {
        var json = Json.Trim(messages);
        foreach (var message in JsonRpcMessage.SplitBatch(json) ?? [json])
        {
            if (JsonRpcMessage.Parse(message) is { Method: "tools/call", Id: { } id })
                yield return id;
        }
    }

    private static ToolCallOutcome OutcomeOf(HttpContext context, ForwarderError error) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ToolCallOutcome.Denied($"The server answered {context.Response.StatusCode}."),
        >= 300 and var status when error == ForwarderError.None => ToolCallOutcome.Failed(new ToolCallError($"http_{status}", $"The server answered {status}.")),
        _ when error == ForwarderError.None => ToolCallOutcome.Failed(new ToolCallError("no_answer", "The server ended its response without an answer.")),
        _ => ToolCallOutcome.Failed(new ToolCallError("upstream_failed", $"The server could not be asked, or broke off: {CauseOf(context, error)}")),
    };

    // "Connection refused (127.0.0.1:3001)" says more than what the forwarder calls it, and more than "Connection refused" within; of TLS only what is within says something.
    private static string CauseOf(HttpContext context, ForwarderError error)
    {
        if (context.Features.Get<IForwarderErrorFeature>()?.Exception is not { } exception)
            return error.ToString();
        var within = exception.GetBaseException().Message;
        return exception.Message.Contains(within, StringComparison.Ordinal) ? exception.Message : within;
    }

    private ToolCallRecord Template(string user, string? session) => new()
    {
        User = user,
        Tool = "",
        Source = "mcp-proxy",
        Agent = _options.Agent,
        Session = session,
        Server = _options.Server ?? _options.Upstream.Host,
    };
}
