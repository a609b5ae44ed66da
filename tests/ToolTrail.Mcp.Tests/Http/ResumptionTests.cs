using System.Text;
using ToolTrail.Mcp.Tests.EndToEnd;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Streams that break off in the middle of a call and are taken up again, as 2025-11-25 and before have it.</summary>
public sealed class ResumptionTests : IDisposable
{
    private readonly ProxyHome _home = new();

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("test_reconnection", "Reconnection test completed successfully")]
    [InlineData("await_return", "welcome back")]
    public async Task AStreamThatBreaksOff_IsTakenUpAgain_AndTheCallRecordedOnce(string tool, string result)
    {
        await using var peers = await HttpPeers.StartAsync(_home, HttpPeers.BothEras);
        var direct = await DriveAsync(peers.Direct, tool);
        Assert.Contains($"\"{result}\"", direct, StringComparison.Ordinal);
        Assert.Equal(direct, await DriveAsync(peers.Proxied, tool));
        await peers.EndProxyAsync();

        var record = Assert.Single(_home.Records());
        Assert.Equal((tool, ToolCallStatus.Ok, result), (record.Tool, record.Status, record.ResultSnippet));
    }

    [Fact]
    public async Task AConnectionThatTheServerLoses_EndsNoCall()
    {
        const string First = "id: s/1/1\nretry: 10\ndata: \n\n";
        const string Second = $"id: s/1/2\r\nevent: message\r\ndata: {HttpWire.Answer}\r\n\r\n";
        var read = new TaskCompletionSource();
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(context.Request.Headers["Last-Event-ID"] == "s/1/1" ? Second : First));
            await context.Response.Body.FlushAsync();
            if (context.Request.Method == "GET")
                return;
            await read.Task;
            context.Abort();
        });
        using (var call = await wire.PostAsync(HttpWire.Call, ("Mcp-Session-Id", "s")))
        using (var events = new StreamReader(await call.Content.ReadAsStreamAsync(Cancel)))
        {
            Assert.Equal("id: s/1/1", await events.ReadLineAsync(Cancel));
            read.SetResult();
            await Assert.ThrowsAnyAsync<IOException>(() => events.ReadToEndAsync(Cancel));
        }

        using (var again = await wire.SendAsync(HttpMethod.Get, null, ("Mcp-Session-Id", "s"), ("Last-Event-ID", "s/1/1")))
            Assert.Equal(Second, await again.Content.ReadAsStringAsync(Cancel));
        await wire.EndProxyAsync();
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    // What the client sees, but for the session's id: the headers and events of the stream that breaks off after its first event, and of the one that it is taken up with.
    private static async Task<string> DriveAsync(Uri endpoint, string tool)
    {
        using var client = new HttpClient { BaseAddress = endpoint };
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");
        using var begun = await SendAsync(client, HttpMethod.Post, """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await begun.Content.ReadAsStringAsync(Cancel);
        var session = begun.Headers.GetValues("Mcp-Session-Id").First();
        client.DefaultRequestHeaders.Add("Mcp-Session-Id", session);
        client.DefaultRequestHeaders.Add("MCP-Protocol-Version", "2025-11-25");
        (await SendAsync(client, HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/initialized"}""")).Dispose();

        var seen = new StringBuilder();
        string? last = null;
        using (var call = await SendAsync(client, HttpMethod.Post, HttpWire.Call.Replace("echo", tool, StringComparison.Ordinal)))
        using (var events = new StreamReader(await call.Content.ReadAsStreamAsync(Cancel)))
        {
            seen.Append(HeadersOf(call));
            for (string? line; (line = await events.ReadLineAsync(Cancel)) is { Length: > 0 };)
            {
                seen.AppendLine(line);
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    last = line[4..];
            }
        }

        client.DefaultRequestHeaders.TryAddWithoutValidation("Last-Event-ID", last);
        using var again = await SendAsync(client, HttpMethod.Get, null);
        seen.Append(HeadersOf(again)).Append(await again.Content.ReadAsStringAsync(Cancel));
        return seen.Replace(session, "SESSION").ToString();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string? message)
    {
        var request = new HttpRequestMessage(method, "") { Content = message is null ? null : new StringContent(message, null, "application/json") };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    private static string HeadersOf(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date");
        return $"{(int)response.StatusCode}\n{string.Concat(headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}\n").Order(StringComparer.Ordinal))}\n";
    }
}
