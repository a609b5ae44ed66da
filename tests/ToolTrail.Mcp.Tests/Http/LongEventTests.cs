using System.Net;
using ToolTrail.Mcp.Tests.EndToEnd;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>Events of more than 64 MiB, which go on as they come.</summary>
public sealed class LongEventTests : IDisposable
{
    private readonly ProxyHome _home = new();
    private readonly string _text = new('x', 80_000_000);

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task ARefusal_DoesNotFallIntoALongEvent(string lineEnd)
    {
        _home.Configure("""{"policy":[{"name":"no-echo","effect":"deny","tool":"echo","reason":"Ask a person."}]}""");
        await using var wire = await SseWire.StartAsync(_home, "/messages");
        using var session = await wire.OpenAsync();
        var first = $"data: {_text}";
        wire.TellRaw(first);
        Assert.Equal(first.Length - 2, (await session.ReadAsync(first.Length - 2)).Length);

        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session));
        var rest = $"{lineEnd}data: y{lineEnd}";
        wire.TellRaw(rest);
        Assert.Equal($"xx{rest[..^2]}", await session.ReadAsync(rest.Length));
        Assert.Equal(HttpStatusCode.Accepted, await wire.PostAsync(session));
        wire.TellRaw(lineEnd);
        Assert.Equal($"{rest[^2..]}{lineEnd}event: message\ndata: ", await session.ReadAsync($"xx{lineEnd}event: message\ndata: ".Length));
        await wire.EndProxyAsync();
    }
}
