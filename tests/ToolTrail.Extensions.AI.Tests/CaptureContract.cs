using System.Text.Json;
using Microsoft.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;
using static ToolTrail.Extensions.AI.Tests.ScriptedModel;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary>Every way in which a call of a model can end is recorded, however the model is asked.</summary>
public abstract partial class CaptureContract : IDisposable
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Do it.")];

    private readonly TestHome _home = new();

    protected static CaptureOptions Options { get; } = new() { User = () => "ada" };

    /// <summary>What the records name as their source.</summary>
    protected abstract string Source { get; }

    /// <summary>The agent's name in the records.</summary>
    protected virtual string? Agent => null;

    public void Dispose()
    {
        _home.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks a model once, with the capture in between.</summary>
    /// <returns>The messages that it answered.</returns>
    internal abstract Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model, ToolCallRecorder recorder, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, CancellationToken cancellationToken);

    [Fact]
    [Ending("ok")]
    public async Task AFunctionThatAnswers_IsRecordedWithAllThatTheHostKnows()
    {
        var model = new ScriptedModel([Call("call-1", "add", ("a", 1), ("b", 2))]);
        await AskAsync(model, [AIFunctionFactory.Create((int a, int b) => a + b, "add")]);

        var record = Assert.Single(_home.Records());
        Assert.Equal(("add", ToolCallStatus.Ok, """{"a":1,"b":2}""", "3"), (record.Tool, record.Status, Text(record.Arguments), record.ResultSnippet));
        Assert.Equal(("call-1", Source, "scripted", "scripted-1"), (record.CallId, record.Source, record.Engine, record.Model));
        Assert.Equal(Agent, record.Agent);
        Assert.True(record.DurationMs >= 0);
        Assert.Equal("3", model.LastResults.Single().Result?.ToString());
    }

    [Fact]
    [Ending("tool threw")]
    public async Task AFunctionThatThrows_IsAnError()
    {
        await AskAsync(new ScriptedModel([Call("c", "read")]), [AIFunctionFactory.Create(string () => throw new FileNotFoundException("no such file"), "read")]);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "System.IO.FileNotFoundException", "no such file"), (record.Status, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    [Ending("tool answered an error")]
    public async Task AFunctionThatAnswersAnError_IsAnError()
    {
        AITool[] tools =
        [
            AIFunctionFactory.Create(AIContent () => new ErrorContent("disk is full") { ErrorCode = "E28" }, "write"),
            AIFunctionFactory.Create(() => new McpResult(true, [new McpText("text", "quota used up")]), "call_mcp"),
        ];
        await AskAsync(new ScriptedModel([Call("c1", "write")], [Call("c2", "call_mcp")]), tools);
        Assert.Equal(
            [("write", ToolCallStatus.Error, "E28", "disk is full", "disk is full"), ("call_mcp", ToolCallStatus.Error, "tool_error", "quota used up", "quota used up")],
            _home.Records().Select(record => (record.Tool, record.Status, record.Error!.Type!, record.Error.Message!, record.ResultSnippet!)));
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ADeniedCall_DoesNotRun_AndTheModelReadsWhy()
    {
        var ran = false;
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "no-deploys", Effect = PolicyEffect.Deny, Tool = "deploy", Reason = "Ask a person." }] };
        var model = new ScriptedModel([Call("c", "deploy", ("to", "prod"))]);
        await AskAsync(model, [AIFunctionFactory.Create((string to) => ran = true, "deploy")], settings: settings);

        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Denied, "no-deploys", """{"to":"prod"}""", "c"), (record.Status, record.Reason, Text(record.Arguments), record.CallId));
        Assert.False(ran);
        Assert.Contains("Ask a person.", model.LastResults.Single().Result?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Ending("rejected by a person")]
    public async Task ARejectedCall_IsDeniedByAPerson_Once()
    {
        var ran = false;
        AITool[] tools = [new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string path) => ran = true, "delete"))];
        var model = new ScriptedModel([Call("c", "delete", ("path", "/"))]);
        List<ChatMessage> history = [.. Question, .. await AskAsync(model, tools)];
        Assert.Empty(_home.Records());

        var request = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new(ChatRole.User, [request.CreateResponse(false, "not that one")]));
        history.AddRange(await AskAsync(model, tools, history));
        await AskAsync(model, tools, history);

        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Denied, "rejected by a person: not that one", "c"), (record.Status, record.Reason, record.CallId));
        Assert.Equal("""{"path":"/"}""", Text(record.Arguments));
        Assert.False(ran);
    }

    [Fact]
    public async Task AnApprovedCall_IsRecordedWhenItRuns()
    {
        AITool[] tools = [new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string path) => "gone", "delete"))];
        var model = new ScriptedModel([Call("c", "delete", ("path", "a"))]);
        List<ChatMessage> history = [.. Question, .. await AskAsync(model, tools)];
        var request = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new(ChatRole.User, [request.CreateResponse(true)]));
        await AskAsync(model, tools, history);
        Assert.Equal(["delete ok"], _home.Outcomes());
    }

    [Fact]
    [Ending("unknown tool")]
    public async Task AToolThatThereIsNot_IsAnError()
    {
        var model = new ScriptedModel([Call("c", "format_disk", ("disk", "sda"))]);
        await AskAsync(model, [AIFunctionFactory.Create(() => 1, "add")]);
        var record = Assert.Single(_home.Records());
        Assert.Equal(("format_disk", ToolCallStatus.Error, "unknown_tool", "c"), (record.Tool, record.Status, record.Error?.Type, record.CallId));
        Assert.Equal("""{"disk":"sda"}""", Text(record.Arguments));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task ACallThatIsGivenUp_IsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        AITool wait = AIFunctionFactory.Create(
            async (CancellationToken cancellationToken) =>
            {
                cancellation.Cancel();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            "wait");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(new ScriptedModel([Call("c", "wait")]), [wait], cancellationToken: cancellation.Token));
        Assert.Equal(["wait cancelled"], _home.Outcomes());
    }

    [Fact]
    [Ending("timed out")]
    public async Task AFunctionThatTakesTooLong_IsATimeout()
    {
        await AskAsync(new ScriptedModel([Call("c", "search")]), [AIFunctionFactory.Create(string () => throw new TimeoutException("30 s are over"), "search")]);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Timeout, null, "30 s are over"), (record.Status, record.Reason, record.Error?.Message));
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task WriteAhead_WhatACrashWouldLeave_IsACallWithoutOutcome()
    {
        List<string> during = [];
        IReadOnlyDictionary<string, long>? shown = null;
        var settings = new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } };
        AITool deploy = AIFunctionFactory.Create(
            async () =>
            {
                // What is on disk now is what the end of the process would leave.
                during = _home.Outcomes();
                shown = await _home.CountsAsync();
            },
            "deploy");
        await AskAsync(new ScriptedModel([Call("c", "deploy")]), [deploy], settings: settings);
        Assert.Equal(["deploy started"], during);
        Assert.Equal(1, shown!["started"]);
        Assert.Equal(1, (await _home.CountsAsync())["ok"]);
    }

    [Fact]
    [Ending("rejected by a person")]
    public async Task ARejectedCallOfAProvidersTool_IsDeniedByAPerson()
    {
        var call = new McpServerToolCallContent("m", "delete_repo", "github") { Arguments = new Dictionary<string, object?> { ["repo"] = "a/b" } };
        var model = new ScriptedModel([new ToolApprovalRequestContent("r", call)]);
        List<ChatMessage> history = [.. Question, .. await AskAsync(model, [])];
        history.Add(new(ChatRole.User, [new ToolApprovalRequestContent("r", call).CreateResponse(false)]));
        history.AddRange(await AskAsync(model, [], history));
        // As a host does that keeps its history in a file.
        history = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
        history.Add(new(ChatRole.User, "Go on."));
        await AskAsync(model, [], history);

        var record = Assert.Single(_home.Records());
        Assert.Equal(("delete_repo", "github", ToolCallStatus.Denied, "rejected by a person"), (record.Tool, record.Server, record.Status, record.Reason));
        Assert.Equal("""{"repo":"a/b"}""", Text(record.Arguments));
    }

    [Fact]
    public async Task ARejectedCall_IsRecordedOnce_WhenTheModelFailsAndIsAskedAgain()
    {
        AITool[] tools = [new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string path) => "gone", "delete"))];
        var model = new ScriptedModel([Call("c", "delete", ("path", "/"))], [new ErrorContent("overloaded")]);
        List<ChatMessage> history = [.. Question, .. await AskAsync(model, tools)];
        var request = history.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new(ChatRole.User, [request.CreateResponse(false)]));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(model, tools, history));
        await AskAsync(model, tools, history);
        Assert.Equal(["delete denied"], _home.Outcomes());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);

    // In good order at its end, so that everything stands in the file.
    private async Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model,
        IReadOnlyList<AITool> tools,
        IReadOnlyList<ChatMessage>? messages = null,
        TrailSettings? settings = null,
        CancellationToken? cancellationToken = null)
    {
        await using var recorder = _home.Recorder(settings);
        return await AskAsync(model, recorder, messages ?? Question, tools, cancellationToken ?? Cancel);
    }

    private sealed record McpText(string Type, string Text);

    private sealed record McpResult(bool IsError, McpText[] Content);
}
