using System.Text;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ToolTrail.Extensions.AI;
using ToolTrail.Extensions.AI.Tests;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.ModelContextProtocol.Tests;

/// <summary><c>WithToolTrail()</c> on the tools of a client, against a real server over HTTP.</summary>
[Capture("MCP client in C#")]
public sealed class ClientCaptureTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    [Ending("ok")]
    public async Task AToolThatAnswers_IsRecordedWithItsServer()
    {
        var result = await CallAsync("read", new() { ["name"] = "todo" });
        Assert.Equal("note todo", Assert.IsType<TextContent>(result).Text);
        var record = Assert.Single(_home.Records());
        Assert.Equal(("read", ToolCallStatus.Ok, "note todo", "mcp-client", "notes"), (record.Tool, record.Status, record.ResultSnippet, record.Source, record.Server));
        Assert.Equal("""{"name":"todo"}""", Encoding.UTF8.GetString(record.Arguments.Span));
    }

    [Fact]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    public async Task AToolThatFails_IsAnError()
    {
        // What a server's tool throws reaches the client as an answer.
        await CallAsync("break");
        await CallAsync("answer_error");
        Assert.Equal(
            [("break", ToolCallStatus.Error, "tool_error"), ("answer_error", ToolCallStatus.Error, "tool_error")],
            _home.Records().Select(record => (record.Tool, record.Status, record.Error!.Type!)));
        Assert.Equal("quota used up", _home.Records()[1].ResultSnippet);
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ADeniedCall_IsNotSent()
    {
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "no-deploys", Effect = PolicyEffect.Deny, Tool = "deploy", Server = "notes" }] };
        var error = await Assert.ThrowsAsync<ToolCallDeniedException>(() => CallAsync("deploy", settings: settings));
        Assert.Equal("no-deploys", error.Denial.Rule);
        Assert.Equal(["deploy denied"], _home.Outcomes());
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ACallThatTheServersAuthorizationRefuses_IsDenied()
    {
        await Assert.ThrowsAnyAsync<McpException>(() => CallAsync("secret", new() { ["name"] = "salaries" }));
        Assert.Equal(["secret denied"], _home.Outcomes());
    }

    [Fact]
    [Ending("unknown tool")]
    public async Task AToolThatTheServerHasNot_IsAnError()
    {
        await Assert.ThrowsAnyAsync<McpException>(() => CallAsync("format_disk"));
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "-32602"), (record.Status, record.Error?.Type));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task ACallThatIsGivenUp_IsCancelled()
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Now);
            await using var client = await server.ConnectAsync(NoteServer.Now);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var call = Tool("wait", client, recorder).InvokeAsync(cancellationToken: giveUp.Token).AsTask();
            await server.Gate.Entered.Task.WaitAsync(Cancel);
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(["wait cancelled"], _home.Outcomes());
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task WriteAhead_WhatACrashWouldLeave_IsACallWithoutOutcome()
    {
        List<string> during = [];
        var settings = new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } };
        await CallAsync("look", settings: settings, prepare: server => server.Gate.Look = () => during = _home.Outcomes());
        Assert.Equal(["look started"], during);
        Assert.Equal(["look started", "look ok"], _home.Outcomes());
    }

    [Fact]
    public async Task EveryListedTool_IsWrapped()
    {
        await using var recorder = _home.Recorder();
        await using var server = await NoteServer.StartAsync(NoteServer.Now);
        await using var client = await server.ConnectAsync(NoteServer.Now);
        var listed = await client.ListToolsAsync(cancellationToken: Cancel);
        var wrapped = listed.WithToolTrail(client, recorder);
        Assert.Equal(listed.Select(tool => (tool.Name, tool.Description)), wrapped.Select(tool => (tool.Name, tool.Description)));
    }

    [Theory]
    // As the server names the tool, and as a program may.
    [InlineData("read")]
    [InlineData("files_read")]
    public async Task ToolsOfAChatClientThatRecords_AreTheSameCalls(string name)
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Now);
            await using var client = await server.ConnectAsync(NoteServer.Now);
            var options = new CaptureOptions { User = () => "ada" };
            var read = new McpClientTool(client, new Tool { Name = "read" }).WithName(name).WithToolTrail(client, recorder, options);
            // That calls the tool itself: of another call than its own, which is one more.
            var both = AIFunctionFactory.Create(async () => $"{await read.InvokeAsync(new AIFunctionArguments { ["name"] = "a" }, Cancel)}", "both");
            using var model = new ScriptedModel(
                [ScriptedModel.Call("c1", name, ("name", "a")), ScriptedModel.Call("c2", name, ("name", "b"))], [ScriptedModel.Call("c3", "both")]);
            using var chat = model.AsBuilder().UseToolTrail(recorder, options, chat => chat.AllowConcurrentInvocation = true).Build();
            await chat.GetResponseAsync("Read.", new ChatOptions { Tools = [read, both] }, Cancel);
        }

        Assert.Equal(
            ["extensions-ai c1", "extensions-ai c2", "extensions-ai c3", "mcp-client ", "mcp-client c1", "mcp-client c2"],
            _home.Records().Select(record => $"{record.Source} {record.CallId}").Order(StringComparer.Ordinal));
        Assert.Equal(4, (await _home.CountsAsync())["ok"]);
    }

    [Fact]
    public async Task AToolOfAChatClientThatDoesNotRecord_HasTheModelsCallId()
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Now);
            await using var client = await server.ConnectAsync(NoteServer.Now);
            using var model = new ScriptedModel([ScriptedModel.Call("c1", "read", ("name", "a"))]);
            using var chat = model.AsBuilder().UseFunctionInvocation().Build();
            await chat.GetResponseAsync("Read.", new ChatOptions { Tools = [Tool("read", client, recorder)] }, Cancel);
        }

        Assert.Equal("c1", Assert.Single(_home.Records()).CallId);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static AIFunction Tool(string name, McpClient client, ToolCallRecorder recorder) =>
        new McpClientTool(client, new Tool { Name = name }).WithToolTrail(client, recorder, new CaptureOptions { User = () => "ada" });

    // In good order at its end, so that everything stands in the file.
    private async Task<object?> CallAsync(
        string tool, Dictionary<string, object?>? arguments = null, TrailSettings? settings = null, Action<NoteServer>? prepare = null)
    {
        await using var recorder = _home.Recorder(settings);
        await using var server = await NoteServer.StartAsync(NoteServer.Now);
        prepare?.Invoke(server);
        await using var client = await server.ConnectAsync(NoteServer.Now);
        return await Tool(tool, client, recorder).InvokeAsync(new AIFunctionArguments(arguments ?? []), Cancel);
    }
}
