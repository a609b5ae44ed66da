using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>A client and a server of the C# SDK, which speak both protocol eras.</summary>
[Capture("MCP proxy, stdio")]
public sealed class CSharpPeersTests
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [Ending("ok")]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("cancelled")]
    public async Task CSharpServer_BehindTheProxy_AnswersTheSame(string protocolVersion)
    {
        using var home = new ProxyHome();
        var direct = await DriveAsync(protocolVersion, ProxyHome.TestServer);
        var proxied = await DriveAsync(protocolVersion, ToolProcess.Path, home.Proxy(ProxyHome.TestServer));
        Assert.Equal(direct, proxied);

        Assert.Equal(["echo ok", "fail error", "refuse error", "wait cancelled", "ask ok"], home.Outcomes());
        var records = home.Records();
        Assert.All(records, record => Assert.Equal("cs-client", record.Agent));
        Assert.Equal(("tool_error", "An error occurred invoking 'fail': no luck"), (records[1].Error!.Type, records[1].ResultSnippet));
        Assert.Equal(("-32602", "not today"), (records[2].Error!.Type, records[2].Error!.Message));
        Assert.Equal(("to-cancel", "enough"), (records[3].CallId, records[3].Error?.Message));
        Assert.Equal("hello, Grace!", records[4].ResultSnippet);
    }

    private static async Task<List<string>> DriveAsync(string protocolVersion, string command, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var options = new McpClientOptions
        {
            ProtocolVersion = protocolVersion,
            DiscoverProbeTimeout = TimeSpan.FromMinutes(1),
            InitializationTimeout = TimeSpan.FromMinutes(1),
            ClientInfo = new Implementation { Name = "cs-client", Version = "1.0.0" },
            Handlers = new McpClientHandlers { ElicitationHandler = (_, _) => ValueTask.FromResult(Accept("Grace")) },
        };
        var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = command, Arguments = arguments });
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken);
        List<string> log = [$"{client.ServerInfo!.Name} {client.NegotiatedProtocolVersion}"];
        Assert.Equal(protocolVersion, client.NegotiatedProtocolVersion);

        log.AddRange((await client.ListToolsAsync(cancellationToken: cancellationToken)).Select(tool => $"{tool.Name} {tool.JsonSchema}").Order(StringComparer.Ordinal));
        log.Add(await CallAsync(client, "echo", new() { ["message"] = "hällo \U0001F600" }));
        log.Add(await CallAsync(client, "fail", new() { ["why"] = "no luck" }));
        log.Add(await CallAsync(client, "refuse", []));
        log.Add(await CancelAsync(client));
        log.Add(await CallAsync(client, "ask", new() { ["greeting"] = "hello" }));
        return log;
    }

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        try
        {
            var result = await client.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);
            return JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions);
        }
        catch (McpException exception)
        {
            return exception.Message;
        }
    }

    // The client of this SDK gives up a call without telling the server, so the notification is sent by hand; and only a call that the server is
    // running can be cancelled in the middle.
    private static async Task<string> CancelAsync(McpClient client)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var progress = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (_, _) =>
        {
            running.TrySetResult();
            return ValueTask.CompletedTask;
        });
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Id = new RequestId("to-cancel"),
                Method = RequestMethods.ToolsCall,
                Params = JsonNode.Parse("""{"name":"wait","_meta":{"progressToken":"p"}}"""),
            },
            giveUp.Token);
        await running.Task.WaitAsync(cancellationToken);
        await client.SendNotificationAsync(
            NotificationMethods.CancelledNotification,
            new CancelledNotificationParams { RequestId = new RequestId("to-cancel"), Reason = "enough" },
            cancellationToken: cancellationToken);
        await giveUp.CancelAsync();
        return (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call)).GetType().Name;
    }

    private static ElicitResult Accept(string name) => new()
    {
        Action = "accept",
        Content = new Dictionary<string, JsonElement> { ["name"] = JsonSerializer.SerializeToElement(name, McpJsonUtilities.DefaultOptions) },
    };
}
