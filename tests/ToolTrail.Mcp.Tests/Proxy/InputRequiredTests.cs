using ToolTrail.Home;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>Calls of 2026-07-28 that ask for input before they end.</summary>
public sealed class InputRequiredTests
{
    private const string Meta =
        """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"editor","version":"1"}}""";

    [Fact]
    public async Task Retry_WithTheInput_IsTheSameCall()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "greet"));
        await conversation.ServerSaysAsync(InputRequired(1, "\"state\""));
        Assert.Empty(conversation.Records());
        await conversation.ClientSaysAsync(Call(2, "greet", "\"state\""));
        await conversation.ServerSaysAsync(InputRequired(2, "\"more\""));
        await conversation.ClientSaysAsync(Call(3, "greet", "\"more\""));
        await conversation.ServerSaysAsync(Complete(3));

        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Ok, "1", "editor", "done"), (record.Status, record.CallId, record.Agent, record.ResultSnippet));
    }

    [Fact]
    public async Task Retry_WithoutState_IsFoundByToolAndArguments()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "greet"), Call(2, "part"));
        await conversation.ServerSaysAsync(InputRequired(1, null), InputRequired(2, null));
        await conversation.ClientSaysAsync(Call(3, "part", null, isRetry: true), Call(4, "greet", null, isRetry: true));
        await conversation.ServerSaysAsync(Complete(3), Complete(4));
        Assert.Equal([("part", "2"), ("greet", "1")], (await conversation.EndAsync()).Select(record => (record.Tool, record.CallId!)));
    }

    [Theory]
    [InlineData("other", "\"state\"", """{"a":1}""")]
    [InlineData("greet", "\"other\"", """{"a":1}""")]
    [InlineData("greet", "\"state\"", """{"a":2}""")]
    public async Task Retry_OfSomethingElse_IsACallOfItsOwn(string tool, string state, string arguments)
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "greet"));
        await conversation.ServerSaysAsync(InputRequired(1, "\"state\""));
        await conversation.ClientSaysAsync(Call(2, tool, state, arguments: arguments));
        await conversation.ServerSaysAsync(Complete(2));
        var records = await conversation.EndAsync();
        Assert.Equal([(tool, "ok", "2"), ("greet", "cancelled", "1")], records.Select(record => (record.Tool, record.Status.Value, record.CallId!)));
    }

    [Fact]
    public async Task Retry_OfSomebodyElse_IsNoWayRoundThePolicy()
    {
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "not-bob", Effect = PolicyEffect.Deny, User = "bob" }] };
        await using var conversation = new Conversation(settings);
        await conversation.ClientSaysAsync(Call(1, "greet"));
        await conversation.ServerSaysAsync(InputRequired(1, "\"state\""));
        Assert.Equal("", await conversation.FromClientAsync(Call(2, "greet", "\"state\""), "bob"));
        Assert.Contains("not-bob", conversation.TakeAnswers(), StringComparison.Ordinal);
        await conversation.ClientSaysAsync(Call(3, "greet", "\"state\""));
        await conversation.ServerSaysAsync(Complete(3));
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal(("ada", ToolCallStatus.Ok), (record.User, record.Status));
    }

    [Fact]
    public async Task Inputs_ThatAreNeverGiven_AreWaitedForOnlySoLong()
    {
        await using var conversation = new Conversation();
        for (var id = 1; id <= OpenCalls.MostAwaited + 1; id++)
        {
            await conversation.ClientSaysAsync(Call(id, "greet"));
            await conversation.ServerSaysAsync(InputRequired(id, $"\"{id}\""));
        }

        await conversation.ClientSaysAsync(Call(5000, "greet", "\"1\""));
        await conversation.ServerSaysAsync(Complete(5000));
        var records = await conversation.EndAsync();
        Assert.Equal([("1", "cancelled"), ("5000", "ok")], records.Take(2).Select(record => (record.CallId!, record.Status.Value)));
        Assert.Equal(OpenCalls.MostAwaited + 2, records.Count);
    }

    private static string Call(int id, string tool, string? state = null, bool isRetry = false, string arguments = """{"a":1}""")
    {
        var answer = state is not null || isRetry ? ",\"inputResponses\":{\"name\":{\"action\":\"accept\"}}" : "";
        var requestState = state is null ? "" : $",\"requestState\":{state}";
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{Meta}}}{{{answer}}}{{{requestState}}} }}""";
    }

    private static string InputRequired(int id, string? state)
    {
        var requestState = state is null ? "" : $",\"requestState\":{state}";
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"resultType":"input_required","inputRequests":{"name":{"method":"elicitation/create"}}{{{requestState}}} }}""";
    }

    private static string Complete(int id) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"resultType":"complete","content":[{"type":"text","text":"done"}]}}""";
}
