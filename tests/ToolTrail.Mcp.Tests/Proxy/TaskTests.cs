using ToolTrail.Mcp.Proxy;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Tests.Proxy;

/// <summary>Calls that a server answers with a task.</summary>
public sealed class TaskTests
{
    private const string Call = """{"id":1,"method":"tools/call","params":{"name":"research","task":{"ttl":60000}}}""";
    private const string Created = """{"id":1,"result":{"task":{"taskId":"t1","status":"working"}}}""";
    private const string CreatedLater = """{"id":1,"result":{"resultType":"task","taskId":"t1","status":"working"}}""";

    [Fact]
    public async Task Result_Fetched_IsTheOutcome()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call);
        await conversation.ServerSaysAsync(Created);
        await conversation.ClientSaysAsync(Ask(2, "tasks/get"));
        await conversation.ServerSaysAsync("""{"id":2,"result":{"taskId":"t1","status":"completed"}}""");
        await conversation.ClientSaysAsync(Ask(3, "tasks/result"));
        Assert.Empty(conversation.Records());
        await conversation.ServerSaysAsync("""{"id":3,"result":{"content":[{"type":"text","text":"found"}]}}""");
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Ok, "found", "1"), (record.Status, record.ResultSnippet, record.CallId));
    }

    [Fact]
    public async Task State_OfTheLaterEra_BringsTheOutcome()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call);
        await conversation.ServerSaysAsync(CreatedLater);
        await conversation.ClientSaysAsync(Ask(2, "tasks/get"));
        await conversation.ServerSaysAsync("""{"id":2,"result":{"resultType":"complete","taskId":"t1","status":"input_required"}}""");
        await conversation.ClientSaysAsync(Ask(3, "tasks/get"));
        await conversation.ServerSaysAsync(
            """{"id":3,"result":{"resultType":"complete","taskId":"t1","status":"completed","result":{"content":[{"type":"text","text":"no"}],"isError":true}}}""");
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((ToolCallStatus.Error, "no"), (record.Status, record.Error!.Message));
    }

    [Theory]
    [InlineData("tasks/cancel", """{"id":2,"result":{"taskId":"t1","status":"cancelled","statusMessage":"stopped"}}""", "cancelled", "cancelled")]
    [InlineData("tasks/get", """{"id":2,"result":{"taskId":"t1","status":"failed","statusMessage":"broke"}}""", "error", "task_failed")]
    [InlineData("tasks/get", """{"id":2,"result":{"taskId":"t1","status":"failed","error":{"code":-32603,"message":"broke"}}}""", "error", "-32603")]
    [InlineData("tasks/result", """{"id":2,"error":{"code":-32603,"message":"broke"}}""", "error", "-32603")]
    [InlineData("tasks/get", """{"id":2,"error":{"code":-32602,"message":"unknown task"}}""", "error", "server_exited")]
    [InlineData("tasks/get", """{"method":"notifications/tasks/status","params":{"taskId":"t1","status":"cancelled"}}""", "cancelled", null)]
    [InlineData("tasks/get", """{"method":"notifications/tasks","params":{"taskId":"t1","status":"completed","result":{"content":[]}}}""", "ok", null)]
    public async Task Task_EndingOtherwise_EndsTheCall(string question, string answer, string status, string? errorType)
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call);
        await conversation.ServerSaysAsync(Created);
        await conversation.ClientSaysAsync(Ask(2, question));
        await conversation.ServerSaysAsync(answer);
        var record = Assert.Single(await conversation.EndAsync());
        Assert.Equal((status, errorType), (record.Status.Value, record.Error?.Type));
    }

    [Fact]
    public async Task Task_NamedLikeAnother_LeavesNoCallUnrecorded()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call, Call.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal));
        await conversation.ServerSaysAsync(Created, Created.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal));
        await conversation.ClientSaysAsync(Ask(3, "tasks/result"));
        await conversation.ServerSaysAsync("""{"id":3,"result":{"content":[{"type":"text","text":"found"}]}}""");
        var records = await conversation.EndAsync();
        Assert.Equal([("1", "error"), ("2", "ok")], records.Select(record => (record.CallId!, record.Status.Value)));
    }

    [Fact]
    public async Task Tasks_ThatNobodyAsksFor_AreWaitedForOnlySoLong()
    {
        await using var conversation = new Conversation();
        for (var id = 1; id <= OpenTasks.Most + 1; id++)
        {
            await conversation.ClientSaysAsync(Call.Replace("\"id\":1", $"\"id\":{id}", StringComparison.Ordinal));
            await conversation.ServerSaysAsync($$$"""{"id":{{{id}}},"result":{"task":{"taskId":"t{{{id}}}","status":"working"} }}""");
        }

        var records = await conversation.EndAsync();
        Assert.Equal(("1", "task_given_up"), (records[0].CallId, records[0].Error?.Type));
        Assert.All(records.Skip(1), record => Assert.Equal("server_exited", record.Error?.Type));
    }

    [Fact]
    public async Task Question_AboutAnotherTask_ChangesNothing()
    {
        await using var conversation = new Conversation();
        await conversation.ClientSaysAsync(Call);
        await conversation.ServerSaysAsync(Created);
        await conversation.ClientSaysAsync("""{"id":2,"method":"tasks/result","params":{"taskId":"t2"}}""");
        await conversation.ServerSaysAsync("""{"id":2,"result":{"content":[]}}""");
        Assert.Equal("server_exited", Assert.Single(await conversation.EndAsync()).Error!.Type);
    }

    private static string Ask(int id, string method) => $$$"""{"id":{{{id}}},"method":"{{{method}}}","params":{"taskId":"t1"}}""";
}
