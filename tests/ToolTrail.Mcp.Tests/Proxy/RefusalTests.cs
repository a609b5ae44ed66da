using System.Text.Json;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using static ToolTrail.Mcp.Tests.Proxy.Messages;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>Calls that the proxy answers itself.</summary>
public sealed class RefusalTests
{
    private static readonly TrailSettings NoWriting = new()
    {
        Policy = [new PolicyRule { Name = "no-writing", Effect = PolicyEffect.Deny, Tool = "write*", Server = "srv", Reason = "read only here" }],
    };

    [Fact]
    public async Task Call_Denied_NeverReachesTheServer_AndIsRecordedWithTheRule()
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal("", await conversation.FromClientAsync(Call("\"a\"", "write_file") + "\n"));

        var answer = conversation.TakeAnswers();
        Assert.EndsWith("\n", answer, StringComparison.Ordinal);
        var (text, isError) = ReadToolError(answer, "\"a\"");
        Assert.True(isError);
        Assert.Contains("no-writing", text, StringComparison.Ordinal);
        Assert.Contains("read only here", text, StringComparison.Ordinal);
        Assert.DoesNotContain("resultType", answer, StringComparison.Ordinal);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Denied, "no-writing", "write_file"), (record.Status, record.Reason, record.Tool));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"write_file"}}""", "no-writing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","Params":{"NAME":"write_file"}}""", "no-writing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","param\u017F":{"na\u004de":"write_file"}}""", "no-writing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_file","Name":"read"}}""", "ambiguous request")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"write_file","name":"read"}}""", "ambiguous request")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_file"},"Params":{"name":"read"}}""", "ambiguous request")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"ping","params":{"name":"write_file"}}""", "ambiguous request")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{},"Arguments":{"path":"x"}}}""", "ambiguous request")]
    public async Task Call_InAnotherSpelling_IsNoWayRoundThePolicy(string message, string reason)
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal("", await conversation.FromClientAsync(message + "\n"));
        Assert.True(ReadToolError(conversation.TakeAnswers(), "1").IsError);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Denied, reason), (record.Status, record.Reason));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_file","arguments":{"x":NaN}}}""", "write_file")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools\/call","params":{"name":"read","arguments":{"x":-Infinity},},}""", "read")]
    [InlineData("""{"jsonrpc":"2.0","method":"ping"}{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write_file"}}""", "write_file")]
    public async Task Call_ThatIsNoJsonButToSomeServers_IsNoWayRoundThePolicy(string message, string tool)
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal("", await conversation.FromClientAsync(message + "\n"));
        Assert.True(ReadToolError(conversation.TakeAnswers(), "1").IsError);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((tool, ToolCallStatus.Denied, "malformed request"), (record.Tool, record.Status, record.Reason));
    }

    [Fact]
    public async Task Batch_ThatIsNoJsonButToSomeServers_IsNoWayRoundThePolicy()
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal("", await conversation.FromClientAsync("""[{"id":1,"method":"ping","params":{"x":NaN}},{"id":2,"method":"tools/call","params":{"name":"write"}}]"""));
        Assert.Equal(ToolCallStatus.Denied, Assert.Single(await conversation.EndAsync()).Status);
    }

    [Fact]
    public async Task Denial_InTheLaterEra_NamesItsResultType()
    {
        await using var conversation = new Conversation(NoWriting);
        await conversation.FromClientAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"editor","version":"1"}}}}""");
        Assert.Contains("\"resultType\":\"complete\"", conversation.TakeAnswers(), StringComparison.Ordinal);
        Assert.Equal("editor", Assert.Single(await conversation.EndAsync()).Agent);
    }

    [Fact]
    public async Task Batch_WithADeniedCall_GoesOnWithoutIt()
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal(
            $"[{Call(1, "read")},{Call(3, "list")}]\n", await conversation.FromClientAsync($"[{Call(1, "read")},{Call(2, "write")},{Call(3, "list")}]\n"));
        Assert.StartsWith("[{\"jsonrpc\":\"2.0\",\"id\":2,", conversation.TakeAnswers(), StringComparison.Ordinal);
        Assert.Equal("", await conversation.FromClientAsync($"[{Call(4, "write")}]\n"));
        Assert.Equal(["write", "write"], (await conversation.EndAsync()).Where(record => record.Status == ToolCallStatus.Denied).Select(record => record.Tool));
    }

    [Fact]
    public async Task Call_DeniedWithoutAnId_IsDropped()
    {
        await using var conversation = new Conversation(NoWriting);
        Assert.Equal("", await conversation.FromClientAsync("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"write"}}"""));
        Assert.Equal("", conversation.TakeAnswers());
        Assert.Equal(ToolCallStatus.Denied, Assert.Single(await conversation.EndAsync()).Status);
    }

    [Fact]
    public async Task WriteAhead_RecordsTheBeginning_BeforeTheServerGetsTheCall()
    {
        await using var conversation = new Conversation(Delivered(DeliveryMode.WriteAhead));
        await conversation.ClientSaysAsync(Call(1, "deploy"));
        var started = Assert.Single(conversation.Records());
        Assert.Equal(ToolCallStatus.Started, started.Status);

        await conversation.ServerSaysAsync(Result(1, "deployed"));
        var records = conversation.Records();
        Assert.Equal([ToolCallStatus.Started, ToolCallStatus.Ok], records.Select(record => record.Status));
        Assert.Equal(records[0].Id, records[1].Id);
    }

    [Fact]
    public async Task Durable_AnswerIsSeen_OnlyWhenRecorded()
    {
        await using var conversation = new Conversation(Delivered(DeliveryMode.Durable));
        await conversation.ClientSaysAsync(Call(1, "deploy"));
        Assert.Empty(conversation.Records());
        await conversation.ServerSaysAsync(Result(1, "deployed"));
        Assert.Equal(ToolCallStatus.Ok, Assert.Single(conversation.Records()).Status);
    }

    [Fact]
    public async Task Call_ThatCannotBeRecordedAhead_IsNotMade()
    {
        await using var conversation = new Conversation(Delivered(DeliveryMode.WriteAhead));
        conversation.BreakTheTrail();
        Assert.Equal("", await conversation.FromClientAsync(Call(1, "deploy")));
        var (text, isError) = ReadToolError(conversation.TakeAnswers(), "1");
        Assert.True(isError);
        Assert.StartsWith("The call was not made", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outcome_ThatCannotBeRecorded_IsNotShown()
    {
        await using var conversation = new Conversation(Delivered(DeliveryMode.Durable, FailurePolicy.Refuse));
        await conversation.ClientSaysAsync(Call(1, "deploy"), $"[{Call(2, "deploy")},{Call(3, "deploy")}]");
        conversation.BreakTheTrail();

        var (text, isError) = ReadToolError(await conversation.FromServerAsync(Result(1, "deployed") + "\n"), "1");
        Assert.True(isError);
        Assert.StartsWith("The tool ran, but its outcome could not be recorded", text, StringComparison.Ordinal);
        var batch = await conversation.FromServerAsync($"[{Result(2, "secret")}]\n");
        Assert.StartsWith("[{\"jsonrpc\":\"2.0\",\"id\":2,", batch, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", batch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outcome_ThatCannotBeRecorded_IsShownWhenThePolicySaysSo()
    {
        await using var conversation = new Conversation(Delivered(DeliveryMode.Durable, FailurePolicy.Continue));
        await conversation.ClientSaysAsync(Call(1, "deploy"));
        conversation.BreakTheTrail();
        await conversation.ServerSaysAsync(Result(1, "deployed"));
    }

    private static TrailSettings Delivered(DeliveryMode mode, FailurePolicy onFailure = FailurePolicy.Continue) =>
        new() { Delivery = new DeliverySettings { Mode = mode, OnFailure = onFailure } };

    private static (string Text, bool IsError) ReadToolError(string line, string id)
    {
        using var answer = JsonDocument.Parse(line);
        Assert.Equal(id, answer.RootElement.GetProperty("id").GetRawText());
        var result = answer.RootElement.GetProperty("result");
        return (result.GetProperty("content")[0].GetProperty("text").GetString()!, result.GetProperty("isError").GetBoolean());
    }
}
