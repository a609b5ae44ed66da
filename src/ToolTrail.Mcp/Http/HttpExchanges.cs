using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
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

    // A tool may run, and a stream stay silent, as long as they like: it is the client that gives up.
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromDays(1), AllowResponseBuffering = false };

    private readonly McpHttpProxyOptions _options;
    private readonly OpenCalls _calls;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _upstream;
    private readonly ILogger _logger;
    private readonly HttpSessions _sessions = new();
    private readonly CallerNames _names;

    public HttpExchanges(McpHttpProxyOptions options, OpenCalls calls, IHttpForwarder forwarder, HttpMessageInvoker upstream, ILogger logger)
    {
        _options = options;
        _calls = calls;
        _forwarder = forwarder;
        _upstream = upstream;
        _logger = logger;
        _names = new CallerNames(options);
    }

    /// <summary>Takes a request.</summary>
    public async Task TakeAsync(HttpContext context)
    {
        // A page of the web that has its name point here is not to reach a server through this machine's browser.
        if (!IsOurName(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }

        var session = context.Request.Headers[HttpSessions.Header].ToString();
        var scope = session.Length == 0 ? new CallScope(Template(context, null)) : _sessions.Of(session, () => new CallScope(Template(context, session)));
        byte[] refusals = [];
        if (HttpMethods.IsPost(context.Request.Method))
        {
            if (await TakeMessagesAsync(context, scope) is not { } answers)
                return;
            refusals = answers;
        }

        var answer = new AnswerBody(context.Response, new ServerInspector(_calls, scope), refusals);
        context.Response.Body = answer;
        var error = await _forwarder.SendAsync(context, _options.Upstream.GetLeftPart(UriPartial.Authority), _upstream, Patient, new Relay(_options.Upstream, answer, id => _sessions.Begin(id, scope)));
        if (error == ForwarderError.None)
            await answer.EndAsync();
        else if (!context.RequestAborted.IsCancellationRequested)
            _logger.LogUpstreamFailed(error.ToString());
        await EndAsync(context, scope, session, error);
    }

    private bool IsOurName(string host) =>
        host == _options.Listen.Host || host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // What goes on to the server is the request's body from now on; null: nothing does, and the client has its answer.
    private async Task<byte[]?> TakeMessagesAsync(HttpContext context, CallScope scope)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            // Passing it would be a way round the policy.
            if (body.Length + read > MostBytes)
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return null;
            }

            body.Write(buffer, 0, read);
        }

        using var answers = new MemoryStream();
        var messages = body.ToArray();
        var passing = await new ClientInspector(_calls, scope, new LineOutput(answers), _logger).InspectAsync(messages) ?? messages;
        if (passing.Length == 0)
        {
            await AnswerAsync(context.Response, answers.ToArray());
            return null;
        }

        context.Request.Body = new MemoryStream(passing);
        context.Request.ContentLength = passing.Length;
        return answers.ToArray();
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

    private async Task EndAsync(HttpContext context, CallScope scope, string session, ForwarderError error)
    {
        // Of a session the answer may come yet, in a stream that the client takes up again (the eras before 2026-07-28).
        if (session.Length > 0)
        {
            var isOver = HttpMethods.IsDelete(context.Request.Method) || context.Response.StatusCode == StatusCodes.Status404NotFound;
            if (isOver && _sessions.Remove(session) is { } ended)
                await _calls.CloseAsync(ended, ToolCallOutcome.Cancelled("The session ended before the server answered."));
            if (error == ForwarderError.None && context.Response.StatusCode < 400)
                return;
        }

        var isGivenUp = context.RequestAborted.IsCancellationRequested;
        if (session.Length > 0 && isGivenUp)
            return;
        await _calls.CloseAsync(scope, isGivenUp
            ? ToolCallOutcome.Cancelled("The client closed the response stream.")
            : OutcomeOf(context.Response.StatusCode, error));
    }

    private static ToolCallOutcome OutcomeOf(int status, ForwarderError error) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ToolCallOutcome.Denied($"The server answered {status}."),
        >= 400 when error == ForwarderError.None => ToolCallOutcome.Failed(new ToolCallError($"http_{status}", $"The server answered {status}.")),
        _ when error == ForwarderError.None => ToolCallOutcome.Failed(new ToolCallError("no_answer", "The server ended its response without an answer.")),
        _ => ToolCallOutcome.Failed(new ToolCallError("upstream_failed", $"The server could not be asked, or broke off: {error}.")),
    };

    private ToolCallRecord Template(HttpContext context, string? session) => new()
    {
        User = _names.UserOf(context.Request),
        Tool = "",
        Source = "mcp-proxy",
        Agent = _options.Agent,
        Session = session,
        Server = _options.Server ?? _options.Upstream.Host,
    };
}
