using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>A server of HTTP with SSE (2024-11-05) that says what a test has it say, behind the proxy: see <see cref="HttpWire"/>.</summary>
internal sealed class SseWire : IAsyncDisposable
{
    /// <summary>What ends the stream that reads it in good order.</summary>
    public const string End = "END";

    /// <summary>What breaks it off.</summary>
    public const string BreakOff = "BREAK OFF";

    private readonly Channel<string> _toTell = Channel.CreateUnbounded<string>();
    private HttpWire _wire = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SseWire()
    {
    }

    /// <summary>What was posted to which path and query.</summary>
    public ConcurrentQueue<string> Posted { get; } = new();

    /// <summary>A client of the proxy.</summary>
    public HttpClient Client => _wire.Client;

    /// <summary>Starts both.</summary>
    /// <param name="home">Where the proxy records.</param>
    /// <param name="endpoint">The endpoint that the next stream names; <c>ORIGIN</c> is the server's address.</param>
    /// <param name="post">How a message is answered that is posted; <c>null</c>: it is taken.</param>
    public static async Task<SseWire> StartAsync(TestHome home, Func<string> endpoint, Action<HttpContext>? post = null)
    {
        var wire = new SseWire();
        wire._wire = await HttpWire.StartAsync(
            home,
            async context =>
            {
                if (context.Request.Method != "POST")
                {
                    await wire.StreamAsync(context, endpoint());
                    return;
                }

                await context.Request.Body.CopyToAsync(Stream.Null);
                wire.Posted.Enqueue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                post?.Invoke(context);
            },
            path: "/sse");
        return wire;
    }

    /// <inheritdoc cref="StartAsync(TestHome, Func{string}, Action{HttpContext}?)"/>
    public static Task<SseWire> StartAsync(TestHome home, string endpoint, Action<HttpContext>? post = null) => StartAsync(home, () => endpoint, post);

    /// <summary>Has the server tell a message.</summary>
    public void Tell(string message) => TellRaw($"event: message\ndata: {message}\n\n");

    /// <summary>Has it write a part of a stream.</summary>
    public void TellRaw(string text) => _toTell.Writer.TryWrite(text);

    /// <summary>Opens a stream, and reads the endpoint.</summary>
    public async Task<Session> OpenAsync()
    {
        var response = await _wire.SendAsync(HttpMethod.Get, null);
        var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("event: endpoint", await events.ReadLineAsync(Cancel));
        var endpoint = (await events.ReadLineAsync(Cancel))!["data: ".Length..];
        Assert.Equal("", await events.ReadLineAsync(Cancel));
        return new Session(response, events, endpoint);
    }

    /// <summary>Posts a message to a session.</summary>
    public async Task<HttpStatusCode> PostAsync(Session session, string message = HttpWire.Call)
    {
        using var answer = await Client.PostAsync(session.Endpoint, new StringContent(message, null, "application/json"), Cancel);
        return answer.StatusCode;
    }

    /// <summary>Ends the proxy: all is in the trail.</summary>
    /// <param name="waits">Whether it waits for answers.</param>
    public Task EndProxyAsync(bool waits = false) => _wire.EndProxyAsync(waits);

    public ValueTask DisposeAsync()
    {
        _toTell.Writer.TryComplete();
        return _wire.DisposeAsync();
    }

    private async Task StreamAsync(HttpContext context, string endpoint)
    {
        await HttpWire.TellAsync(context, $"event: endpoint\r\ndata: {endpoint.Replace("ORIGIN", $"http://{context.Request.Host}", StringComparison.Ordinal)}\r\n\r\n");
        try
        {
            for (string told; (told = await _toTell.Reader.ReadAsync(context.RequestAborted)) != End;)
            {
                if (told == BreakOff)
                    context.Abort();
                else
                    await HttpWire.TellAsync(context, told);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The client has gone, or the test is over.
        }
    }

    /// <summary>What a client sees of a stream.</summary>
    internal sealed class Session(HttpResponseMessage response, StreamReader events, string endpoint) : IDisposable
    {
        /// <summary>Where to post.</summary>
        public string Endpoint => endpoint;

        /// <summary>The next event's data; <c>null</c>: the stream has ended.</summary>
        public async Task<string?> ReadAsync()
        {
            string? data = null;
            while (await events.ReadLineAsync(Cancel) is { } line)
            {
                if (line.Length == 0)
                    return data;
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data += line["data: ".Length..];
            }

            return null;
        }

        /// <summary>The next characters.</summary>
        public async Task<string> ReadAsync(int count)
        {
            var read = new char[count];
            return new string(read, 0, await events.ReadBlockAsync(read, Cancel));
        }

        /// <summary>What there is until the stream ends or breaks off.</summary>
        public async Task<string> ReadToEndAsync()
        {
            var all = new StringBuilder();
            var part = new char[1];
            try
            {
                while (await events.ReadAsync(part, Cancel) > 0)
                    all.Append(part[0]);
            }
            catch (IOException)
            {
                // It broke off.
            }

            return all.ToString();
        }

        public void Dispose()
        {
            events.Dispose();
            response.Dispose();
        }
    }
}
