using Microsoft.AspNetCore.Http;
using ToolTrail.Mcp.Tests.EndToEnd;

namespace ToolTrail.Mcp.Tests.Http;

/// <summary>A proxy that is stopped while streams are open: it waits for the answers that are owed, half a minute at most, and for nothing else.</summary>
public sealed class StoppingTests : IDisposable
{
    private readonly ProxyHome _home = new();
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _home.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamsOfASession_EndWithTheLastAnswer_ThoughTheServerLeavesThemOpen()
    {
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            var message = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await HttpWire.TellAsync(context, ": here\n\n");
            await _goOn.Task;
            await HttpWire.TellAsync(context, $"data: {HttpWire.Answer.Replace("\"id\":1", message.Contains("\"id\":2", StringComparison.Ordinal) ? "\"id\":2" : "\"id\":1", StringComparison.Ordinal)}\n\n");
            await UntilLeftAsync(context);
        });
        using var one = await wire.PostAsync(HttpWire.Call, ("Mcp-Session-Id", "s"));
        using var other = await wire.PostAsync(HttpWire.Call.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal), ("Mcp-Session-Id", "s"));
        using var idle = await wire.SendAsync(HttpMethod.Get, null, ("Mcp-Session-Id", "s"));
        await StopsAsync(wire);
        Assert.Contains("\"id\":1", await one.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("\"id\":2", await other.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(": here\n\n", await idle.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["echo ok", "echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task AStreamThatBeginsLate_EndsWithItsAnswer()
    {
        var asked = new TaskCompletionSource();
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            asked.SetResult();
            await _goOn.Task;
            await HttpWire.TellAsync(context, $"data: {HttpWire.Answer}\n\n");
            await UntilLeftAsync(context);
        });
        var call = wire.PostAsync(HttpWire.Call);
        await asked.Task;
        await StopsAsync(wire);
        Assert.Equal($"data: {HttpWire.Answer}\n\n", await (await call).Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task AStreamThatIsTakenUpAgain_BringsItsAnswer()
    {
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            await HttpWire.TellAsync(context, "id: 1\ndata: \n\n");
            if (context.Request.Method == "POST")
                return;
            await HttpWire.TellAsync(context, $"data: {HttpWire.Answer[..20]}");
            await _goOn.Task;
            await HttpWire.TellAsync(context, $"{HttpWire.Answer[20..]}\n\n");
            await UntilLeftAsync(context);
        });
        using var call = await wire.PostAsync(HttpWire.Call, ("Mcp-Session-Id", "s"));
        await call.Content.ReadAsStringAsync(Cancel);
        using var again = await wire.SendAsync(HttpMethod.Get, null, ("Mcp-Session-Id", "s"), ("Last-Event-ID", "1"));
        await StopsAsync(wire);
        Assert.EndsWith($"data: {HttpWire.Answer}\n\n", await again.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    [Fact]
    public async Task HalfAnEvent_IsNoAnswer()
    {
        await using var wire = await HttpWire.StartAsync(_home, async context =>
        {
            await HttpWire.TellAsync(context, $"data: {HttpWire.Answer}\n\ndata: {HttpWire.Answer[..20]}");
            await UntilLeftAsync(context);
        });
        using var call = await wire.PostAsync(HttpWire.Call);
        await wire.EndProxyAsync();
        Assert.Equal($"data: {HttpWire.Answer}\n\n", await call.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(["echo ok"], _home.Outcomes());
    }

    // Half a minute is what it waits for answers at most.
    private async Task StopsAsync(HttpWire wire)
    {
        var stopped = wire.EndProxyAsync();
        _goOn.SetResult();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    private static Task UntilLeftAsync(HttpContext context)
    {
        var left = new TaskCompletionSource();
        context.RequestAborted.Register(left.SetResult);
        return left.Task;
    }
}
