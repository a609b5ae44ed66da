using System.Text;
using Microsoft.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary><c>WithToolTrail()</c> on one function that a program calls itself, or a chat client that records nothing.</summary>
[Capture("Microsoft.Extensions.AI, one function")]
public sealed class FunctionTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    [Ending("ok")]
    public async Task AFunctionThatAnswers_IsRecorded_AndIsStillTheFunctionThatItWas()
    {
        var add = AIFunctionFactory.Create((int a, int b) => a + b, "add", "Adds.");
        object? result;
        await using (var recorder = _home.Recorder())
        {
            var recorded = add.WithToolTrail(recorder, Options);
            Assert.Equal((add.Name, add.Description, add.JsonSchema.GetRawText()), (recorded.Name, recorded.Description, recorded.JsonSchema.GetRawText()));
            result = await recorded.InvokeAsync(new AIFunctionArguments { ["a"] = 1, ["b"] = 2 }, Cancel);
        }

        Assert.Equal("3", result?.ToString());
        var record = Assert.Single(_home.Records());
        Assert.Equal(
            ("ada", "add", ToolCallStatus.Ok, """{"a":1,"b":2}""", "3", "extensions-ai", null),
            (record.User, record.Tool, record.Status, Encoding.UTF8.GetString(record.Arguments.Span), record.ResultSnippet, record.Source, record.CallId));
        Assert.True(record.DurationMs >= 0);
    }

    [Fact]
    [Ending("ok")]
    public async Task CalledByAModel_TheRecordHasTheModelsCallId()
    {
        var model = new ScriptedModel([ScriptedModel.Call("c1", "add", ("a", 1))], [ScriptedModel.Call("c2", "add", ("a", 2))]);
        await using (var recorder = _home.Recorder())
        {
            using var client = model.AsBuilder().UseFunctionInvocation().Build();
            await client.GetResponseAsync("Add.", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a + 1, "add").WithToolTrail(recorder, Options)] }, Cancel);
        }

        Assert.Equal([("c1", "2"), ("c2", "3")], _home.Records().Select(record => (record.CallId!, record.ResultSnippet!)));
    }

    [Fact]
    [Ending("tool threw")]
    public async Task AFunctionThatThrows_IsAnError_AndTheCallerSeesTheSameException()
    {
        var thrown = new FileNotFoundException("no such file");
        Assert.Same(thrown, await Record.ExceptionAsync(() => InvokeAsync(AIFunctionFactory.Create(string () => throw thrown, "read"))));
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "System.IO.FileNotFoundException", "no such file"), (record.Status, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    [Ending("tool answered an error")]
    public async Task AFunctionThatAnswersAnError_IsAnError()
    {
        await InvokeAsync(AIFunctionFactory.Create(AIContent () => new ErrorContent("disk is full") { ErrorCode = "E28" }, "write"));
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Error, "E28", "disk is full"), (record.Status, record.Error?.Type, record.Error?.Message));
    }

    [Fact]
    [Ending("denied by policy")]
    public async Task ADeniedCall_DoesNotRun()
    {
        var ran = false;
        var settings = new TrailSettings { Policy = [new PolicyRule { Name = "no-deploys", Effect = PolicyEffect.Deny, Tool = "deploy", Reason = "Ask a person." }] };
        var error = await Assert.ThrowsAsync<ToolCallDeniedException>(() => InvokeAsync(AIFunctionFactory.Create(() => ran = true, "deploy"), settings));
        Assert.Contains("Ask a person.", error.Message, StringComparison.Ordinal);
        Assert.False(ran);
        var record = Assert.Single(_home.Records());
        Assert.Equal((ToolCallStatus.Denied, "no-deploys"), (record.Status, record.Reason));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task ACallThatIsGivenUp_IsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var wait = AIFunctionFactory.Create(
            async (CancellationToken cancellationToken) =>
            {
                await cancellation.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            "wait");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InvokeAsync(wait, cancellationToken: cancellation.Token));
        Assert.Equal(["wait cancelled"], _home.Outcomes());
    }

    [Fact]
    [Ending("timed out")]
    public async Task AFunctionThatTakesTooLong_IsATimeout()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => InvokeAsync(AIFunctionFactory.Create(string () => throw new TimeoutException("30 s are over"), "search")));
        Assert.Equal(["search timeout"], _home.Outcomes());
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task WriteAhead_WhatACrashWouldLeave_IsACallWithoutOutcome()
    {
        IReadOnlyDictionary<string, long>? during = null;
        var settings = new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } };
        // What is on disk while it runs is what the end of the process would leave.
        await InvokeAsync(AIFunctionFactory.Create(async () => { during = await _home.CountsAsync(); }, "deploy"), settings);
        Assert.Equal(1, during!["started"]);
        Assert.Equal(1, (await _home.CountsAsync())["ok"]);
    }

    private static CaptureOptions Options { get; } = new() { User = () => "ada" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // In good order at its end, so that everything stands in the file.
    private async Task InvokeAsync(AIFunction function, TrailSettings? settings = null, CancellationToken? cancellationToken = null)
    {
        await using var recorder = _home.Recorder(settings);
        await function.WithToolTrail(recorder, Options).InvokeAsync(cancellationToken: cancellationToken ?? Cancel);
    }
}
