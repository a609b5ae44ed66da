using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.ModelContextProtocol.Tests;

/// <summary><c>WithToolTrail()</c> on a server, called by a real client over HTTP, in both protocol eras.</summary>
[Capture("MCP server in C#")]
public sealed class ServerCaptureTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(true, "error")]
    [InlineData(false, "ok")]
    public async Task AnAnswerWithoutContent_IsRecordedOnBothSides(bool isError, string status)
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Before, builder => builder.WithToolTrail(recorder));
            await using var client = await server.ConnectAsync(NoteServer.Before);
            var tool = (await client.ListToolsAsync(cancellationToken: Cancel)).Single(tool => tool.Name == "answer_nothing").WithToolTrail(client, recorder, new CaptureOptions { User = () => "ada" });
            // Whatever the SDK makes of it.
            await Record.ExceptionAsync(async () => await tool.InvokeAsync(new() { ["isError"] = isError }, Cancel));
        }

        Assert.Equal([("mcp-client", status), ("mcp-server", status)], _home.Records().Select(record => (record.Source!, record.Status.Value)).Order());
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("ok")]
    public async Task AToolThatAnswers_IsRecordedWithAllThatTheServerKnows(string version)
    {
        await CallAsync(version, "read", new() { ["name"] = "todo", ["token"] = "x" });
        var record = Assert.Single(_home.Records());
        Assert.Equal(("read", ToolCallStatus.Ok, "note todo", "mcp-server", "notes"), (record.Tool, record.Status, record.ResultSnippet, record.Source, record.Server));
        Assert.Equal("""{"name":"todo","token":"[redacted]"}""", Encoding.UTF8.GetString(record.Arguments.Span));
        Assert.Equal(("ada", "cs-client"), (record.User, record.Agent));
        Assert.NotNull(record.CallId);
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    public async Task TheHostsOwnIdOfACall_IsTheRecords_AlsoWhereThereIsNoSuchTool(string version)
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(version, builder => builder.WithToolTrail(recorder));
            await using var client = await server.ConnectAsync(version);
            foreach (var tool in new[] { "read", "no_such_tool" })
            {
                var request = new CallToolRequestParams { Name = tool, Meta = new() { ["claudecode/toolUseId"] = $"toolu_{tool}" } };
                await Record.ExceptionAsync(async () => await client.CallToolAsync(request, Cancel));
            }
        }

        Assert.Equal(["toolu_read", "toolu_no_such_tool"], _home.Records().Select(record => record.CallId));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("tool threw")]
    public async Task AToolThatThrows_IsAnError(string version)
    {
        await CallAsync(version, "break");
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "System.IO.IOException", "disk on fire"), (record.Status, record.Error?.Type, record.Error?.Message));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("tool answered an error")]
    public async Task AToolThatAnswersAnError_IsAnError(string version)
    {
        await CallAsync(version, "answer_error");
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "tool_error", "quota used up"), (record.Status, record.Error?.Type, record.ResultSnippet));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("denied by policy")]
    public async Task ADeniedCall_DoesNotRun_AndTheClientReadsWhy(string version)
    {
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "no-deploys", Effect = PolicyEffect.Deny, Tool = "deploy", Reason = "Ask a person." }] };
        var result = await CallAsync(version, "deploy", settings: settings);
        Assert.Contains("Ask a person.", result, StringComparison.Ordinal);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Denied, "no-deploys"), (record.Status, record.Reason));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("denied by policy")]
    public async Task ACallThatTheServersAuthorizationRefuses_IsDenied(string version)
    {
        await CallAsync(version, "secret", new() { ["name"] = "salaries" });
        var record = Assert.Single(_home.Records());
        Assert.Equal(("secret", ToolCallStatus.Denied, "ada"), (record.Tool, record.Status, record.User));
        Assert.Equal(("refused by the server's authorization", "-32600"), (record.Reason, record.Error?.Type));
        Assert.Equal("""{"name":"salaries"}""", Encoding.UTF8.GetString(record.Arguments.Span));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("unknown tool")]
    public async Task AToolThatThereIsNot_IsAnError(string version)
    {
        await CallAsync(version, "format_disk", new() { ["disk"] = "sda" });
        var record = Assert.Single(_home.Records());
        Assert.Equal(("format_disk", ToolCallStatus.Error, "-32602"), (record.Tool, record.Status, record.Error?.Type));
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("cancelled")]
    public async Task ACallThatIsGivenUp_IsCancelled(string version)
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(version, builder => builder.WithToolTrail(recorder));
            await using var client = await server.ConnectAsync(version);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var call = client.CallToolAsync("wait", cancellationToken: giveUp.Token).AsTask();
            await server.Gate.Entered.Task.WaitAsync(Cancel);
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(["wait cancelled"], _home.Outcomes());
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("timed out")]
    public async Task AToolThatTakesTooLong_IsATimeout(string version)
    {
        await CallAsync(version, "late");
        Assert.Equal(["late timeout"], _home.Outcomes());
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    [Ending("crashed in between")]
    public async Task WriteAhead_WhatACrashWouldLeave_IsACallWithoutOutcome(string version)
    {
        List<string> during = [];
        var settings = new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } };
        await CallAsync(version, "look", settings: settings, prepare: server => server.Gate.Look = () => during = _home.Outcomes());
        Assert.Equal(["look started"], during);
        Assert.Equal(["look started", "look ok"], _home.Outcomes());
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    public async Task AToolThatAsksForInput_IsRecordedOnce(string version)
    {
        Assert.Equal("hello", await CallAsync(version, "ask"));
        Assert.Equal(["ask ok"], _home.Outcomes());
    }

    [Theory]
    [InlineData(NoteServer.Now)]
    [InlineData(NoteServer.Before)]
    public async Task WriteAhead_AToolThatAsksForInput_IsOneCall(string version)
    {
        await CallAsync(version, "ask", settings: new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } });
        Assert.Equal(["ask started", "ask ok"], _home.Outcomes());
        Assert.Single(_home.Records().Select(record => record.Id).Distinct());
        Assert.Equal(1, (await _home.CountsAsync())["ok"]);
    }

    [Theory]
    [InlineData(DeliveryMode.Background)]
    [InlineData(DeliveryMode.WriteAhead)]
    [Ending("cancelled")]
    public async Task AToolThatAsksForInputInVain_IsCancelled_WhenTheServerEnds(DeliveryMode mode)
    {
        await using (var recorder = _home.Recorder(new TrailSettings { Delivery = new DeliverySettings { Mode = mode } }))
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Now, builder => builder.WithToolTrail(recorder));
            using var response = await server.AskOnceAsync();
            Assert.Contains("input_required", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        var record = _home.Records()[^1];
        Assert.Equal((ToolCallStatus.Cancelled, "The input that the server asked for was not given."), (record.Status, record.Reason));
        Assert.Equal(1, (await _home.CountsAsync())["cancelled"]);
    }

    [Fact]
    public async Task AToolThatAsksForInputInVain_IsCancelled_AfterAnHour()
    {
        var time = new ShiftedTime();
        await using var recorder = _home.Recorder(new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.Durable } });
        await using var server = await NoteServer.StartAsync(NoteServer.Now, builder => builder.WithToolTrail(recorder).Services.AddSingleton<TimeProvider>(time));
        using var first = await server.AskOnceAsync();
        time.Shift = TimeSpan.FromMinutes(61);
        using var second = await server.AskOnceAsync();
        Assert.Equal(["ask cancelled"], _home.Outcomes());
    }

    [Theory]
    [InlineData("""{"name":"read","arguments":{"name":"x\ud800"}}""", "read", "x\ufffd")]
    [InlineData("""{"name":"break","name":"read","arguments":{"name":"todo"}}""", "read", "todo")]
    [InlineData("""{"name":"x\ud800","arguments":{"name":"todo"}}""", null, "todo")]
    [InlineData("""{"name":"tooltrail.gap","arguments":{"name":"todo"}}""", "_tooltrail.gap", "todo")]
    public async Task ARequestThatTheServerCannotRead_IsRecordedAllTheSame(string parameters, string? tool, string argument)
    {
        await using (var recorder = _home.Recorder())
        {
            await using var server = await NoteServer.StartAsync(NoteServer.Now, builder => builder.WithToolTrail(recorder));
            using var response = await server.PostAsync(parameters);
        }

        var record = Assert.Single(_home.Records());
        Assert.Equal(tool ?? record.Tool, record.Tool);
        Assert.Equal($$"""{"name":"{{argument}}"}""", Encoding.UTF8.GetString(record.Arguments.Span));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("break")]
    [InlineData("late")]
    [InlineData("answer_error")]
    [InlineData("secret")]
    [InlineData("forbid")]
    [InlineData("format_disk")]
    public async Task Metadata_HoldsNothingOfWhatWasAskedOrAnswered_HoweverItEnds(string tool)
    {
        var settings = new TrailSettings { Levels = [new LevelRule { Tool = "*", Level = RecordLevel.Metadata }] };
        await CallAsync(NoteServer.Now, tool, new() { ["name"] = "todo" }, settings);
        var record = Assert.Single(_home.Records());
        Assert.Equal((0, "", null), (record.Arguments.Length - "{}".Length, record.ResultSnippet, record.Error?.Message));
        Assert.DoesNotMatch("todo|fire|over|quota|Access", record.Reason ?? "");
    }

    [Fact]
    public async Task ACallThatRunsAsATask_IsRecordedWhenItHasRun()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var recorder = _home.Recorder())
        {
            // What the SDK's tasks do: the client has its answer before the tool runs.
            await using var server = await NoteServer.StartAsync(NoteServer.Before, builder => builder.WithToolTrail(recorder).Services.Configure<global::ModelContextProtocol.Server.McpServerOptions>(
                options => options.Filters.Request.CallToolWithAlternateFilters.Add((context, next, cancellationToken) =>
                {
                    _ = Task.Run(
                        async () =>
                        {
                            await next(context, CancellationToken.None);
                            done.SetResult();
                        },
                        CancellationToken.None);
                    return ValueTask.FromResult(ResultOrAlternate<CallToolResult>.FromAlternate(
                        new EmptyResult(), (JsonTypeInfo<EmptyResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(EmptyResult))));
                })));
            await using var client = await server.ConnectAsync(NoteServer.Before);
            await client.SendRequestAsync(
                new JsonRpcRequest { Method = RequestMethods.ToolsCall, Params = System.Text.Json.Nodes.JsonNode.Parse("""{"name":"read","arguments":{"name":"todo"}}""") }, Cancel);
            await done.Task.WaitAsync(Cancel);
        }

        Assert.Equal(["read ok"], _home.Outcomes());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // In good order at its end, so that everything stands in the file.
    private async Task<string> CallAsync(
        string version, string tool, Dictionary<string, object?>? arguments = null, TrailSettings? settings = null, Action<NoteServer>? prepare = null)
    {
        await using var recorder = _home.Recorder(settings);
        await using var server = await NoteServer.StartAsync(version, builder => builder.WithToolTrail(recorder));
        prepare?.Invoke(server);
        await using var client = await server.ConnectAsync(version);
        try
        {
            var result = await client.CallToolAsync(tool, arguments, cancellationToken: Cancel);
            return string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        }
        catch (McpException exception)
        {
            return exception.Message;
        }
    }
}
