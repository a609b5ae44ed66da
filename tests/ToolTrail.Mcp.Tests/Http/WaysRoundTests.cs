using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Forms of a message that would reach the server, or lead the client to it, past the policy and the trail.</summary>
public sealed class WaysRoundTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("gzip", "utf-8")]
    [InlineData("identity", "utf-16")]
    public async Task AMessageThatCannotBeRead_DoesNotPass(string encoding, string charset)
    {
        _home.Configure("""{"policy":[{"name":"no","effect":"deny","tool":"echo"}]}""");
        var passed = false;
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        using var packed = new MemoryStream();
        await using (Stream writer = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Compress, leaveOpen: true) : packed)
            await writer.WriteAsync(Encoding.GetEncoding(charset).GetBytes(HttpWire.Call), TestContext.Current.CancellationToken);
        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", charset);
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await wire.SendAsync(HttpMethod.Post, content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.False(passed);
    }

    [Theory]
    [InlineData("utf-16", "application/json")]
    [InlineData("utf-16BE", null)]
    [InlineData("utf-32", "application/JSON")]
    public async Task AMessageInAnEncodingThatIsNotNamed_DoesNotPass(string charset, string? mediaType)
    {
        var passed = false;
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        using var content = new ByteArrayContent(Encoding.GetEncoding(charset).GetBytes(HttpWire.Call));
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        using var response = await wire.SendAsync(HttpMethod.Post, content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.False(passed);
    }

    [Fact]
    public async Task OtherBytes_OfOtherTypes_Pass()
    {
        var got = 0L;
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            got = body.Length;
        });
        using var content = new ByteArrayContent(new byte[1000]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await wire.SendAsync(HttpMethod.Post, content);
        Assert.Equal((HttpStatusCode.OK, 1000), (response.StatusCode, got));
    }

    [Fact]
    public async Task AnotherProtocol_IsNotSwitchedTo()
    {
        var upgrade = true;
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            upgrade = context.Request.Headers.ContainsKey("Upgrade");
            return Task.CompletedTask;
        });
        using var response = await wire.SendAsync(HttpMethod.Get, null, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(upgrade);
    }

    [Theory]
    [InlineData("POST", 307, "http://{server}/mcp/?a=b%20c", 307, "/mcp/?a=b%20c")]
    [InlineData("POST", 308, "mcp/", 308, "/mcp/")]
    [InlineData("POST", 307, "http://{server}//example.com/mcp", 307, "http://{proxy}//example.com/mcp")]
    [InlineData("POST", 307, "https://example.com/mcp", 502, null)]
    [InlineData("GET", 302, "https://example.com/login?to=x", 302, "https://example.com/login?to=x")]
    [InlineData("GET", 302, "https://example.com/sse", 502, null, "text/event-stream")]
    public async Task ARedirection_LeadsNoMessagePastTheProxy(string method, int status, string location, int told, string? to, string accept = "*/*")
    {
        await using var wire = await HttpWire.StartAsync(_home, context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location.Replace("{server}", context.Request.Host.Value, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        var body = method == "GET" ? null : new StringContent(HttpWire.Call, null, "application/json");
        using var response = await wire.SendAsync(new HttpMethod(method), body, ("Accept", accept));
        Assert.Equal((told, to?.Replace("{proxy}", wire.Client.BaseAddress!.Authority, StringComparison.Ordinal)), ((int)response.StatusCode, response.Headers.Location?.OriginalString));
        await wire.EndProxyAsync();
        Assert.Equal(method == "GET" ? [] : [$"http_{told}"], _home.Records().Select(record => record.Error?.Type));
    }
}
