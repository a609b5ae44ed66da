using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Extensions;
using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>HTTP with SSE (2024-11-05) on the wire: messages are posted to an endpoint that a stream names, and answered in the stream.</summary>
public sealed class MessageEndpointsTests : IDisposable
{
    private readonly ProxyHome _home = new();
    private readonly Channel<string?> _toTell = Channel.CreateUnbounded<string?>();
    private readonly List<string> _posted = [];
    private volatile int _told;

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/messages/?session_id=a%20b")]
    [InlineData("messages/?session_id=a%20b")]
    [InlineData("ORIGIN/messages/?session_id=a%20b")]
    public async Task TheEndpoint_LeadsThroughTheProxy_HoweverItIsNamed(string endpoint)
    {
        await using var wire = await StartAsync(endpoint);
        using var session = await OpenAsync(wire);
        Assert.Equal("/messages/?session_id=a%20b", session.Endpoint);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(wire, session));
        Tell(HttpWire.Answer);
        Assert.Equal(HttpWire.Answer, await session.ReadAsync());
        await EndAsync(wire);
        var record = Assert.Single(_home.Records());
        Assert.Equal(("echo", ToolCallStatus.Ok, session.Endpoint, "ada"), (record.Tool, record.Status, record.Session, record.User));
        Assert.Equal(["/messages/?session_id=a%20b"], _posted);
    }

    [Fact]
    public async Task AnEndpointOfAnotherServer_IsNotNamedToTheClient()
    {
        await using var wire = await StartAsync("http://example.com/messages");
        // The connection breaks off before the client has the headers, or after.
        Assert.True(await Record.ExceptionAsync(() => OpenAsync(wire)) is IOException or HttpRequestException);
    }

    [Fact]
    public async Task ARefusedCall_IsAnsweredInTheStream()
    {
        _home.Configure("""{"policy":[{"name":"no-echo","effect":"deny","tool":"echo","reason":"Ask a person."}]}""");
        await using var wire = await StartAsync("/messages");
        using var session = await OpenAsync(wire);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(wire, session));
        Assert.Contains("Ask a person.", await session.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(wire, session, $$"""[{{HttpWire.Call}},{"jsonrpc":"2.0","id":2,"method":"ping"}]"""));
        Assert.Contains("Ask a person.", await session.ReadAsync(), StringComparison.Ordinal);
        await EndAsync(wire);
        Assert.Equal(["echo denied", "echo denied"], _home.Outcomes());
        Assert.Single(_posted);
    }

    [Fact]
    public async Task ARefusal_DoesNotFallIntoALongAnswer()
    {
        _home.Configure("""{"policy":[{"name":"no-echo","effect":"deny","tool":"echo","reason":"Ask a person."}]}""");
        await using var wire = await StartAsync("/messages");
        using var session = await OpenAsync(wire);
        const string Begin = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":" """;
        const string End = "\"}]}}";
        var text = new string('x', 80_000_000);
        _toTell.Writer.TryWrite($"data: {Begin}{text}");
        var read = session.ReadAsync();
        await Eventually.HoldsAsync("the answer is under way", () => Task.FromResult(_told == 1));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(wire, session));
        _toTell.Writer.TryWrite($"{End}\n\n");
        Assert.Equal(Begin + text + End, await read);
        Assert.Contains("Ask a person.", await session.ReadAsync(), StringComparison.Ordinal);
        await EndAsync(wire);
    }

    [Fact]
    public async Task AStreamThatTheServerEnds_EndsItsCalls()
    {
        await using var wire = await StartAsync("/messages");
        using var session = await OpenAsync(wire);
        await PostAsync(wire, session);
        _toTell.Writer.TryWrite(null);
        Assert.Null(await session.ReadAsync());
        await Eventually.HoldsAsync("the call has ended", () => Task.FromResult(_home.Outcomes() is ["echo error"]));
        Assert.Equal("no_answer", _home.Records()[0].Error?.Type);

        // What is posted after that nobody answers.
        await PostAsync(wire, session);
        await EndAsync(wire);
        Assert.Equal(["echo error", "echo error"], _home.Outcomes());
    }

    [Fact]
    public async Task AStreamThatTheClientCloses_CancelsItsCalls()
    {
        await using var wire = await StartAsync("/messages");
        using (var session = await OpenAsync(wire))
            await PostAsync(wire, session);
        await Eventually.HoldsAsync("the call is cancelled", () => Task.FromResult(_home.Outcomes() is ["echo cancelled"]));
        await EndAsync(wire);
    }

    [Fact]
    public async Task AMessageThatTheServerDoesNotTake_EndsItsCallAlone()
    {
        await using var wire = await StartAsync("/messages");
        using var session = await OpenAsync(wire);
        await PostAsync(wire, session, HttpWire.Call.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal).Replace("echo", "not_taken", StringComparison.Ordinal));
        await PostAsync(wire, session);
        Tell(HttpWire.Answer);
        await session.ReadAsync();
        await EndAsync(wire);
        Assert.Equal(["not_taken error", "echo ok"], _home.Outcomes());
        Assert.Equal("http_404", _home.Records()[0].Error?.Type);
    }

    [Fact]
    public async Task TwoSessions_AreNotTakenForOneAnother()
    {
        var number = 0;
        await using var wire = await StartAsync(() => $"/messages?session={++number}");
        using var one = await OpenAsync(wire);
        using var other = await OpenAsync(wire);
        await PostAsync(wire, other);
        other.Dispose();
        await Eventually.HoldsAsync("the call is cancelled", () => Task.FromResult(_home.Outcomes() is ["echo cancelled"]));
        await PostAsync(wire, one);
        Tell(HttpWire.Answer);
        await one.ReadAsync();
        await EndAsync(wire);
        Assert.Equal([("/messages?session=2", "cancelled"), ("/messages?session=1", "ok")], _home.Records().Select(record => (record.Session, record.Status.Value)));
    }

    private void Tell(string message) => _toTell.Writer.TryWrite($"event: message\ndata: {message}\n\n");

    private Task<HttpWire> StartAsync(string endpoint) => StartAsync(() => endpoint);

    // A server that names the endpoint, and then tells what the test says; null ends the stream.
    private Task<HttpWire> StartAsync(Func<string> endpoint) => HttpWire.StartAsync(
        _home,
        async context =>
        {
            if (context.Request.Method == "POST")
            {
                var message = await new StreamReader(context.Request.Body).ReadToEndAsync();
                _posted.Add(context.Request.GetEncodedPathAndQuery());
                context.Response.StatusCode = message.Contains("not_taken", StringComparison.Ordinal) ? 404 : 202;
                return;
            }

            context.Response.ContentType = "text/event-stream";
            var origin = $"http://{context.Request.Host}";
            await TellAsync($"event: endpoint\r\ndata: {endpoint().Replace("ORIGIN", origin, StringComparison.Ordinal)}\r\n\r\n");
            try
            {
                while (await _toTell.Reader.ReadAsync(context.RequestAborted) is { } told)
                {
                    await TellAsync(told);
                    _told++;
                }
            }
            catch (OperationCanceledException)
            {
                // The client has gone.
            }

            async Task TellAsync(string told)
            {
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(told));
                await context.Response.Body.FlushAsync();
            }
        },
        path: "/sse");

    private static async Task<Session> OpenAsync(HttpWire wire)
    {
        var response = await wire.SendAsync(HttpMethod.Get, null);
        var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("event: endpoint", await events.ReadLineAsync(Cancel));
        var endpoint = (await events.ReadLineAsync(Cancel))!["data: ".Length..];
        Assert.Equal("", await events.ReadLineAsync(Cancel));
        return new Session(response, events, endpoint);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpWire wire, Session session, string message = HttpWire.Call)
    {
        using var answer = await wire.Client.PostAsync(session.Endpoint, new StringContent(message, null, "application/json"), Cancel);
        return answer.StatusCode;
    }

    private async Task EndAsync(HttpWire wire)
    {
        _toTell.Writer.TryComplete();
        await wire.EndProxyAsync(waits: false);
    }

    private sealed class Session(HttpResponseMessage response, StreamReader events, string endpoint) : IDisposable
    {
        public string Endpoint => endpoint;

        // The next event's data; null: the stream has ended.
        public async Task<string?> ReadAsync()
        {
            string? data = null;
            while (await events.ReadLineAsync(Cancel) is { } line)
            {
                if (line.Length == 0)
                    return data;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line["data: ".Length..];
            }

            return null;
        }

        public void Dispose()
        {
            events.Dispose();
            response.Dispose();
        }
    }
}
