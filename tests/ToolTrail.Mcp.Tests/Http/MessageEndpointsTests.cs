using System.Net;
using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>HTTP with SSE (2024-11-05) on the wire: messages are posted to an endpoint that a stream names, and answered in the stream.</summary>
public sealed class MessageEndpointsTests : IDisposable
{
    private const string Denial = """{"policy":[{"name":"no-echo","effect":"deny","tool":"echo","reason":"Ask a person."}]}""";

    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/messages/?session_id=a%20b", "/messages/?session_id=a%20b")]
    [InlineData("messages/?session_id=a%20b", "/messages/?session_id=a%20b")]
    [InlineData("ORIGIN/messages/?session_id=a%20b", "/messages/?session_id=a%20b")]
    [InlineData("?session=1", "/sse?session=1")]
    [InlineData("/?session=1", "/?session=1")]
    [InlineData("/a%252Fb?s=%2F", "/a%252Fb?s=%2F")]
    [InlineData("ORIGIN//messages?s=1", "//messages?s=1", "http://{proxy}//messages?s=1")]
    public async Task TheEndpoint_LeadsThroughTheProxy_HoweverItIsNamed(string endpoint, string posted, string? told = null)
    {
        await using var wire = await SseWire.StartAsync(_home, endpoint);
        using var session = await wire.OpenAsync();
        Assert.Equal((told ?? posted).Replace("{proxy}", wire.Client.BaseAddress!.Authority, StringComparison.Ordinal), session.Endpoint);
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session));
        wire.Tell(HttpWire.Answer);
        Assert.Equal(HttpWire.Answer, await session.ReadAsync());
        await wire.EndProxyAsync();
        var record = Assert.Single(_home.Records());
        Assert.Equal(("echo", ToolCallStatus.Ok, posted, "ada"), (record.Tool, record.Status, record.Session, record.User));
        Assert.Equal([posted], wire.Posted);
    }

    [Theory]
    [InlineData("event: endpoint\ndata: http://example.com/m\n\n")]
    [InlineData("event: endpoint\ndata: //example.com/m\n\n")]
    [InlineData("event: x\nevent: endpoint \ndata: http://example.com/m\n\n")]
    [InlineData("\uFEFF\nevent: endpoint\ndata: http://example.com/m\n\n")]
    [InlineData("\uFEFFevent:endpoint\r\ndata:http://example.com/m\r\n\r\n")]
    [InlineData("event: endpoint\ndata: http://example.com/m")]
    public async Task AnEndpointOfAnotherServer_IsNotNamedToTheClient(string stream)
    {
        await using var wire = await HttpWire.StartAsync(_home, context => HttpWire.TellAsync(context, stream), path: "/sse");
        foreach (var header in new[] { "X-None", "Mcp-Session-Id" })
        {
            // The connection breaks off before the client has the headers, or after.
            var seen = "";
            var broken = await Record.ExceptionAsync(async () =>
            {
                using var response = await wire.SendAsync(HttpMethod.Get, null, (header, "s"));
                using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
                while (await events.ReadLineAsync(Cancel) is { } line)
                    seen += line;
            });
            Assert.True(broken is IOException or HttpRequestException, seen);
            Assert.DoesNotContain("example.com", seen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatElseTheEndpointsEventSays_GoesOn()
    {
        const string Stream = "id: 7\nretry: 100\n: hi\nevent: endpoint\ndata: /m\n\n";
        await using var wire = await HttpWire.StartAsync(_home, context => HttpWire.TellAsync(context, Stream), path: "/sse");
        using var response = await wire.SendAsync(HttpMethod.Get, null);
        Assert.Equal(Stream, await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task ARefusedCall_IsAnsweredInTheStream()
    {
        _home.Configure(Denial);
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await wire.OpenAsync();
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session));
        Assert.StartsWith("event: message\ndata: {", await session.ReadAsync("event: message\ndata: {".Length), StringComparison.Ordinal);
        Assert.Null(await session.ReadAsync());
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session, $$"""[{{HttpWire.Call}},{"jsonrpc":"2.0","id":2,"method":"ping"}]"""));
        Assert.Contains("Ask a person.", await session.ReadAsync(), StringComparison.Ordinal);
        await wire.EndProxyAsync();
        Assert.Equal(["echo denied", "echo denied"], _home.Outcomes());
        Assert.Single(wire.Posted);
    }

    [Fact]
    public async Task ARefusedCall_IsTaken_ThoughTheClientReadsNothing()
    {
        _home.Configure(Denial);
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await OpenUnreadAsync(wire);
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session));
        Assert.Equal(20_000_002, (await session.ReadAsync())!.Length);
        Assert.Contains("Ask a person.", await session.ReadAsync(), StringComparison.Ordinal);
        await wire.EndProxyAsync();
    }

    [Fact]
    public async Task TooManyRefusals_ForAClientThatReadsNothing_AreNotHeld()
    {
        _home.Configure(Denial);
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await OpenUnreadAsync(wire);
        var call = HttpWire.Call.Replace("\"id\":1", $"\"id\":\"{new string('i', 30_000_000)}\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session, call));
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session, call));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await wire.PostAsync(session, call));
    }

    [Theory]
    [InlineData(SseWire.End, "no_answer")]
    [InlineData(SseWire.BreakOff, "upstream_failed")]
    public async Task AStreamThatTheServerEnds_EndsItsCalls(string end, string error)
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        for (var round = 1; round <= 10; round++)
        {
            using var session = await wire.OpenAsync();
            await wire.PostAsync(session);
            wire.TellRaw(end);
            Assert.Equal("", await session.ReadToEndAsync());
            await Eventually.HoldsAsync("the call has ended", () => Task.FromResult(_home.Outcomes().Count == round));
        }

        Assert.All(_home.Records(), record => Assert.Equal(("error", error), (record.Status.Value, record.Error?.Type)));
    }

    [Fact]
    public async Task AStreamThatTheClientCloses_CancelsItsCalls()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using (var session = await wire.OpenAsync())
            await wire.PostAsync(session);
        await Eventually.HoldsAsync("the call is cancelled", () => Task.FromResult(_home.Outcomes() is ["echo cancelled"]));
    }

    [Fact]
    public async Task WhatIsPostedAfterTheStream_IsAnError()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await wire.OpenAsync();
        wire.TellRaw(SseWire.End);
        Assert.Null(await session.ReadAsync());
        await wire.PostAsync(session);
        await wire.EndProxyAsync();
        Assert.Equal("no_answer", Assert.Single(_home.Records()).Error?.Type);
    }

    [Fact]
    public async Task AMessageThatTheServerDoesNotTake_EndsItsCallAlone()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages", context => context.Response.StatusCode = context.Request.Headers.ContainsKey("X-Not") ? 404 : 202);
        using var session = await wire.OpenAsync();
        await wire.PostAsync(session);
        wire.Client.DefaultRequestHeaders.Add("X-Not", "taken");
        await wire.PostAsync(session, HttpWire.Call.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal));
        wire.Tell(HttpWire.Answer);
        await session.ReadAsync();
        await wire.EndProxyAsync();
        Assert.Equal([("error", "http_404"), ("ok", null)], _home.Records().Select(record => (record.Status.Value, record.Error?.Type)).Order());
    }

    [Fact]
    public async Task AMessageThatIsRedirected_IsAnsweredInTheSameStream()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages?s=1", context =>
        {
            if (context.Request.Path != "/messages")
                return;
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "/messages/?s=1";
        });
        using var session = await wire.OpenAsync();
        using var follower = new HttpClient { BaseAddress = wire.Client.BaseAddress };
        using var taken = await follower.PostAsync(session.Endpoint, new StringContent(HttpWire.Call, null, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        wire.Tell(HttpWire.Answer);
        await session.ReadAsync();
        await wire.EndProxyAsync();
        Assert.Equal(
            [("/messages?s=1", "error", "http_307"), ("/messages?s=1", "ok", null)], _home.Records().Select(record => (record.Session, record.Status.Value, record.Error?.Type)));
    }

    [Fact]
    public async Task TheSessionIsTheEndpoints_WhateverTheHeaderSays()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        wire.Client.DefaultRequestHeaders.Add("Mcp-Session-Id", "other");
        using var session = await wire.OpenAsync();
        await wire.PostAsync(session);
        wire.Tell(HttpWire.Answer);
        await session.ReadAsync();
        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task TwoSessions_AreNotTakenForOneAnother()
    {
        var number = 0;
        await using var wire = await SseWire.StartAsync(_home, () => $"/messages?session={++number}");
        using var one = await wire.OpenAsync();
        using (var other = await wire.OpenAsync())
            await wire.PostAsync(other);
        await Eventually.HoldsAsync("the call is cancelled", () => Task.FromResult(_home.Outcomes() is ["echo cancelled"]));
        await wire.PostAsync(one);
        wire.Tell(HttpWire.Answer);
        await one.ReadAsync();
        await wire.EndProxyAsync();
        Assert.Equal([("/messages?session=2", "cancelled"), ("/messages?session=1", "ok")], _home.Records().Select(record => (record.Session, record.Status.Value)));
    }

    [Fact]
    public async Task AnEndpointOfTwoStreams_IsTheYoungers_AndThenTheOthersAgain()
    {
        _home.Configure(Denial);
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var one = await wire.OpenAsync();
        using (var other = await wire.OpenAsync())
        {
            await wire.PostAsync(other);
            Assert.Contains("Ask a person.", await other.ReadAsync(), StringComparison.Ordinal);
            await wire.PostAsync(other, HttpWire.Call.Replace("echo", "wait", StringComparison.Ordinal));
        }

        await Eventually.HoldsAsync("the other is gone", () => Task.FromResult(_home.Outcomes().Contains("wait cancelled")));
        await wire.PostAsync(one);
        Assert.Contains("Ask a person.", await one.ReadAsync(), StringComparison.Ordinal);
        await wire.EndProxyAsync();
    }

    [Fact]
    public async Task AProxyThatIsStopped_WaitsForTheAnswer_AndNoLonger()
    {
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await wire.OpenAsync();
        await wire.PostAsync(session);
        var stopped = wire.EndProxyAsync(waits: true);
        wire.Tell(HttpWire.Answer);
        Assert.Equal(HttpWire.Answer, await session.ReadAsync());
        // Half a minute is what it waits for answers at most.
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    // A session whose client reads the beginning of an event, and no more.
    private static async Task<SseWire.Session> OpenUnreadAsync(SseWire wire)
    {
        var session = await wire.OpenAsync();
        wire.Tell($"\"{new string('x', 20_000_000)}\"");
        await session.ReadAsync("event: message\n".Length);
        return session;
    }
}
