using ToolTrail.Records;
using static ToolTrail.Mcp.Tests.Proxy.Messages;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>How calls of the eras up to 2025-11-25 are recorded.</summary>
public sealed class RecordingTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"editor","version":"1"}}}""";

    [Theory]
    [InlineData("""{"id":1,"result":{"content":[{"type":"text","text":"x"}],"structuredContent":{"x":NaN}}}""", "ok")]
    [InlineData("""{"id":1,"result":{"structuredContent":{"x":NaN},"isError":true}}""", "error")]
    public async Task Answer_ThatIsNoJsonButToSomeClients_EndsItsCall(string answer, string status)
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "read"));
        await conversation.ServerSaysAsync(answer);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((status, true), (record.Status.Value, record.Reason?.Contains("no JSON", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Call_Answered_IsRecordedWithAllThatIsKnown()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(
            Initialize,
            """{"jsonrpc":"2.0","id":"c-1","method":"tools/call","params":{"name":"read","arguments":{"path":"a.txt"},"_meta":{"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}}""");
        await conversation.ServerSaysAsync("""{"jsonrpc":"2.0","id":"c-1","result":{"content":[{"type":"text","text":"h\u00e9llo"}]}}""");

        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal(ToolCallStatus.Ok, record.Status);
        Assert.Equal(("ada", "read", "editor", "srv", "s1", "mcp-proxy"), (record.User, record.Tool, record.Agent, record.Server, record.Session, record.Source));
        Assert.Equal("""{"path":"a.txt"}""", System.Text.Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Equal(("c-1", 5L, "héllo"), (record.CallId, record.ResultChars, record.ResultSnippet));
        Assert.Equal(("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"), (record.TraceId, record.SpanId));
        Assert.NotNull(record.DurationMs);
    }

    [Fact]
    public async Task Agent_Given_WinsOverTheClientsName()
    {
        await using var conversation = new Conversation(agent: "my-agent");
        await conversation.ClientSaysAsync(Initialize, Call(1, "read"));
        Assert.Equal("my-agent", Assert.Single(await conversation.EndAsync()).Agent);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"no such file"}],"isError":true}}""", "tool_error", "no such file", "no such file")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "no_result", "The answer had neither a result nor an error.", "")]
    [InlineData("""{"error":{"code":-32602,"message":"Unknown tool"},"id":1,"jsonrpc":"2.0"}""", "-32602", "Unknown tool", "")]
    public async Task Call_Failed_IsAnError(string answer, string type, string message, string result)
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "read"));
        await conversation.ServerSaysAsync(answer);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Error, new ToolCallError(type, message)), (record.Status, record.Error));
        Assert.Equal(result, record.ResultSnippet ?? "");
    }

    [Fact]
    public async Task Ids_OfBothKinds_AreToldApart()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call("1", "number"), Call("\"1\"", "string"));
        await conversation.ServerSaysAsync(Result("\"1\"", "to the string"), Result("1", "to the number"));
        Assert.Equal([("string", "to the string"), ("number", "to the number")], (await conversation.EndAsync()).Select(record => (record.Tool, record.ResultSnippet!)));
    }

    [Fact]
    public async Task Id_UsedAgainLater_IsAnotherCall()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "first"));
        await conversation.ServerSaysAsync(Result(1, "one"));
        await conversation.ClientSaysAsync(Call(1, "second"));
        await conversation.ServerSaysAsync(Result(1, "two"));
        var records = await conversation.EndAsync();
        Assert.Equal([("first", "one"), ("second", "two")], records.Select(record => (record.Tool, record.ResultSnippet!)));
        Assert.NotEqual(records[0].Id, records[1].Id);
    }

    [Fact]
    public async Task Id_UsedAgainBeforeTheAnswer_EndsTheFormerCall()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "first"), Call(1, "second"));
        await conversation.ServerSaysAsync(Result(1, "one"));
        var records = await conversation.EndAsync();
        Assert.Equal([("first", "error"), ("second", "ok")], records.Select(record => (record.Tool, record.Status.Value)));
        Assert.Equal("id_reused", records[0].Error!.Type);
    }

    [Fact]
    public async Task Request_OfTheServer_WithTheSameIdIsNoAnswer()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "ask"));
        await conversation.ServerSaysAsync("""{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}""");
        await conversation.ClientSaysAsync("""{"jsonrpc":"2.0","id":1,"result":{"content":{"type":"text","text":"sampled"}}}""");
        await conversation.ServerSaysAsync(Result(1, "done"));
        Assert.Equal("done", Assert.Single(await conversation.EndAsync()).ResultSnippet);
    }

    [Fact]
    public async Task Call_Cancelled_IsRecordedOnce_AndALateAnswerPasses()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(
            Call(1, "slow"), """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"took too long"}}""");
        await conversation.ServerSaysAsync(Result(1, "late"));
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Cancelled, "the client gave the call up", "took too long"), (record.Status, record.Reason, record.Error?.Message));
    }

    [Fact]
    public async Task Cancellation_OfAnotherId_ChangesNothing()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "slow"), """{"method":"notifications/cancelled","params":{"requestId":"1"}}""", """{"method":"notifications/cancelled"}""");
        await conversation.ServerSaysAsync(Result(1, "done"));
        Assert.Equal(ToolCallStatus.Ok, Assert.Single(await conversation.EndAsync()).Status);
    }

    [Fact]
    public async Task Calls_StillOpenAtTheEnd_AreErrors()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call(1, "one"), Call(2, "two"));
        Assert.All(await conversation.EndAsync(), record => Assert.Equal((ToolCallStatus.Error, "server_exited"), (record.Status, record.Error!.Type)));
    }

    [Fact]
    public async Task Call_AfterTheServersEnd_IsAnErrorToo()
    {
        await using var conversation = new Conversation();
        await conversation.ServerDiesAsync();
        await conversation.ClientSaysAsync(Call(1, "read"));
        Assert.Equal("server_exited", Assert.Single(await conversation.EndAsync()).Error!.Type);
    }

    [Fact]
    public async Task Call_WithoutAnId_IsRecordedAtOnce()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read"}}""");
        Assert.Equal("no_id", Assert.Single(await conversation.EndAsync()).Error!.Type);
    }

    [Fact]
    public async Task Lines_NotUnderstood_PassAndRecordNothing()
    {
        await using var conversation = new Conversation();
        string[] lines = ["", "\n", "hello\r\n", "{\"id\":1,\"method\":\"tools/list\"", "[1,2", "\uFEFF{}\n", "{\"method\":7}", "{\"method\":\"tools/list\",\"id\":5}\n"];
        await conversation.ClientSaysAsync(lines);
        await conversation.ServerSaysAsync(lines);
        Assert.Empty(await conversation.EndAsync());
    }

    [Fact]
    public async Task Batch_OfCalls_IsRecordedCallByCall()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync($"[{Call(1, "one")},{Call(2, "two")}, {Call("\"x\"", "three")}]\n");
        await conversation.ServerSaysAsync($"[{Result(2, "second")},{Result(1, "first")}]\n", Result("\"x\"", "third"));
        Assert.Equal(
            [("two", "second"), ("one", "first"), ("three", "third")],
            (await conversation.EndAsync()).Select(record => (record.Tool, record.ResultSnippet!)));
    }
}
