using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>What HTTP has beside messages: it passes as it is.</summary>
public sealed class HttpWireTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequestHeaders_PassAsTheyAre()
    {
        (string Name, string Value)[] sent =
        [
            ("Authorization", "Bearer a.b.c=="), ("Cookie", "a=b; c=d"), ("Origin", "https://evil.example"), ("Mcp-Session-Id", "s-1"), ("MCP-Protocol-Version", "2025-11-25"),
            ("Mcp-Method", "tools/call"), ("Mcp-Param-Region", "=?base64?w6k=?="), ("Last-Event-ID", "s/1/2=="), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("tracestate", "a=b"), ("baggage", "k=v"), ("Request-Id", "|1.2."), ("Accept", "application/json, text/event-stream"), ("User-Agent", "peer/1.0"),
        ];
        HeaderDictionary? got = null;
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            got = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return Task.CompletedTask;
        });
        using var response = await wire.PostAsync(HttpWire.Call, [.. sent, ("Accept-Encoding", "gzip")]);
        Assert.All(sent, header => Assert.Equal((header.Name, header.Value), (header.Name, got![header.Name].ToString())));
        Assert.Equal(["Content-Length", "Content-Type", "Host"], got!.Keys.Except(sent.Select(header => header.Name), StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task AnUnauthorizedCall_IsAnsweredByTheServer_AndDenied(int status)
    {
        const string Challenge = """Bearer realm="mcp", error="invalid_token", resource_metadata="https://example.com/.well-known/oauth-protected-resource/mcp", scope="a b" """;
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = Challenge.Trim();
            await context.Response.WriteAsync("no");
        });
        foreach (var session in (string[])["", "s-1"])
        {
            using var response = await wire.PostAsync(HttpWire.Call, ("Authorization", "Bearer x"), ("Mcp-Session-Id", session));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(Challenge.Trim(), response.Headers.NonValidated["WWW-Authenticate"].ToString());
            Assert.Equal("no", await response.Content.ReadAsStringAsync(Cancel));
            Assert.False(response.Headers.Contains("Server"));
        }

        await wire.EndProxyAsync();
        Assert.Equal(["echo denied", "echo denied"], _home.Outcomes());
        Assert.All(_home.Records(), record => Assert.Equal($"The server answered {status}.", record.Reason));
    }

    [Fact]
    public async Task AnAnswerToHead_KeepsItsLength()
    {
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 17;
            return Task.CompletedTask;
        });
        using var response = await wire.SendAsync(HttpMethod.Head, null);
        Assert.Equal(17, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("Application/JSON", "{0}")]
    [InlineData("Text/Event-Stream", "data: {0}\n\n")]
    [InlineData("text/event-stream", "id: 1\ndata: {0}")]
    [InlineData("text/event-stream", "\uFEFFdata: {0}\n\n")]
    public async Task AnAnswer_WrittenAsFewServersDo_IsLookedAtToo(string contentType, string body)
    {
        var said = body.Replace("{0}", HttpWire.Answer, StringComparison.Ordinal);
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(said);
        });
        using var response = await wire.PostAsync(HttpWire.Call);
        Assert.Equal(Encoding.UTF8.GetBytes(said), await response.Content.ReadAsByteArrayAsync(Cancel));
        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Theory]
    [InlineData("application/json", "{0}", "", "ok")]
    [InlineData("application/json", "{0}", ",\"isError\":true", "error")]
    [InlineData("text/event-stream", "event: message\nid: 1\ndata: {0}\n\ndata: {}\n\n", "", "ok")]
    [InlineData("text/event-stream", "data: {0}", ",\"isError\":true", "error")]
    public async Task AnAnswerThatIsTooLongToBeHeld_Passes_AndEndsItsCall(string contentType, string body, string more, string status)
    {
        var answer = $$"""{"jsonrpc":"2.0","result":{"content":[{"type":"text","text":"{{new string('x', LinePump.MaxHeldLine + (1 << 20))}}"}]{{more}}},"id":1}""";
        var said = body.Replace("{0}", answer, StringComparison.Ordinal);
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(said);
        });
        using var response = await wire.PostAsync(HttpWire.Call);
        Assert.True((await response.Content.ReadAsByteArrayAsync(Cancel)).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(said)), "It is not what the server said.");
        await wire.EndProxyAsync();
        var record = Assert.Single(_home.Records());
        Assert.Equal(status, record.Status.Value);
        Assert.Contains("too long to be looked at", record.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyMessage_IsTheServersToRefuse()
    {
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            context.Response.StatusCode = context.Request.Method == "OPTIONS" ? 204 : 400;
            context.Response.Headers.Allow = "POST";
            return Task.CompletedTask;
        });
        using var post = await wire.PostAsync("");
        using var options = await wire.SendAsync(HttpMethod.Options, null);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent), (post.StatusCode, options.StatusCode));
        Assert.Equal(["POST"], options.Content.Headers.Allow);
    }

    [Fact]
    public async Task AMessageOfFortyMebibytes_WithoutALength_Passes()
    {
        var length = 0L;
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            length = body.Length;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(HttpWire.Answer);
        });
        var message = HttpWire.Call.Replace("{}", $$"""{"x":"{{new string('x', 40 << 20)}}"}""", StringComparison.Ordinal);
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(message)));
        using var response = await wire.SendAsync(HttpMethod.Post, content, ("Transfer-Encoding", "chunked"));
        Assert.Equal((HttpStatusCode.OK, HttpWire.Answer), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal(message.Length, length);
        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task AnEventOfEightMebibytes_Passes_AndIsLookedAt()
    {
        var sent = Encoding.UTF8.GetBytes($"id: 1\ndata: {HttpWire.Answer.Replace("\"x\"", $"\"{new string('x', 8 << 20)}\"", StringComparison.Ordinal)}\n\n: end\n\n");
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(sent);
        });
        using var response = await wire.PostAsync(HttpWire.Call);
        Assert.True((await response.Content.ReadAsByteArrayAsync(Cancel)).AsSpan().SequenceEqual(sent), "It is not what the server said.");
        await wire.EndProxyAsync();
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Ok, 8 << 20), (record.Status, record.ResultChars));
    }

    [Fact]
    public async Task AStream_BeginsBeforeItsFirstEvent_AndEndsWithTheProxy()
    {
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var response = await wire.SendAsync(HttpMethod.Get, null, ("Accept", "text/event-stream")).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var started = Stopwatch.GetTimestamp();
        await wire.EndProxyAsync();
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "The proxy waited for a stream that has no end.");
    }

    [Fact]
    public async Task ARequestThatFails_EndsNoOtherCallOfItsSession()
    {
        var began = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            if (context.Request.Method == "GET")
            {
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return;
            }

            context.Response.ContentType = "application/json";
            began.SetResult();
            await answer.Task;
            await context.Response.WriteAsync(HttpWire.Answer);
        });
        var call = wire.PostAsync(HttpWire.Call, ("Mcp-Session-Id", "s-1"));
        await began.Task;
        using (var get = await wire.SendAsync(HttpMethod.Get, null, ("Mcp-Session-Id", "s-1")))
            Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        answer.SetResult();
        using var answered = await call;
        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task UsersOfOneSession_AreToldApart()
    {
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers["Mcp-Session-Id"] = "s-1";
            return context.Response.WriteAsync(HttpWire.Answer);
        }, options => options with { UserHeader = "X-User" });
        foreach (var user in (string[])["bob", "eve"])
        {
            using var response = await wire.PostAsync(HttpWire.Call, ("Mcp-Session-Id", "s-1"), ("X-User", user));
            await response.Content.ReadAsStringAsync(Cancel);
        }

        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes("bob"));
        Assert.Equal(["echo ok"], _home.Outcomes("eve"));
    }

    [Fact]
    public async Task TheServersAddress_KeepsItsQuery()
    {
        List<string> asked = [];
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            asked.Add(context.Request.Path + context.Request.QueryString.ToString());
            return Task.CompletedTask;
        }, path: "/an%20mcp?key=1");
        foreach (var path in (string[])["/", "/an%20mcp", "/an%20mcp?key=2", "/token?x=y"])
            (await wire.Client.GetAsync(path, Cancel)).Dispose();
        Assert.Equal(["/an%20mcp?key=1", "/an%20mcp?key=1", "/an%20mcp?key=2", "/token?x=y"], asked);
    }

    [Fact]
    public async Task AnAnswerThatBreaksOff_IsAnErrorOfTheCall()
    {
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var response = await wire.PostAsync(HttpWire.Call);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        await wire.EndProxyAsync();
        Assert.Equal("upstream_failed", Assert.Single(_home.Records()).Error?.Type);
    }

    [Fact]
    public async Task AClientThatLeaves_EndsTheRequestToTheServer()
    {
        var began = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.RequestAborted.Register(left.SetResult);
            began.SetResult();
            await left.Task;
        });
        using (var giveUp = new CancellationTokenSource())
        {
            var call = wire.Client.PostAsync("/", new StringContent(HttpWire.Call, null, "application/json"), giveUp.Token);
            await began.Task;
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await wire.EndProxyAsync();
        Assert.Equal(["echo cancelled"], _home.Outcomes());
    }

    [Fact]
    public async Task AProxyThatIsStopped_EndsTheCallsThatItWaitedForInVain()
    {
        var began = new TaskCompletionSource();
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            began.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var call = wire.PostAsync(HttpWire.Call);
        await began.Task;
        await wire.EndProxyAsync(waits: false);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Cancelled, "The proxy was stopped before the server answered."), (record.Status, record.Reason));
    }

    [Fact]
    public async Task ABatchOfWhichSomeIsRefused_ThatTheServerRefuses_IsTheServersAnswer()
    {
        _home.Configure("""{"policy":[{"name":"no","effect":"deny","tool":"rm"}]}""");
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync("oops");
        });
        using var response = await wire.PostAsync($"[{HttpWire.Call},{HttpWire.Call.Replace("echo", "rm", StringComparison.Ordinal)}]");
        Assert.Equal((HttpStatusCode.InternalServerError, "oops"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)));
    }
}
