using Microsoft.Extensions.AI;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary><c>UseToolTrail()</c> on a chat client.</summary>
[Capture("Microsoft.Extensions.AI")]
public sealed class ChatClientTests : CaptureContract
{
    protected override string Source => "extensions-ai";

    internal override async Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model, ToolCallRecorder recorder, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, CancellationToken cancellationToken)
    {
        var client = model.AsBuilder().UseToolTrail(recorder, Options, client => client.AllowConcurrentInvocation = true).Build();
        return (await client.GetResponseAsync(messages, new ChatOptions { Tools = [.. tools] }, cancellationToken)).Messages;
    }

    private static async Task AskAsync(TestHome home, ScriptedModel model, Action<FunctionInvokingChatClient> configure, bool streaming)
    {
        await using var recorder = home.Recorder();
        var client = model.AsBuilder().UseToolTrail(recorder, Options, configure).Build();
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one"), AIFunctionFactory.Create(string () => throw new IOException("disk on fire"), "break")] };
        if (streaming)
            await client.GetStreamingResponseAsync("Do it.", options, TestContext.Current.CancellationToken).ToChatResponseAsync(TestContext.Current.CancellationToken);
        else
            await client.GetResponseAsync("Do it.", options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ACallThatIsLeftToOneUser_IsNotTakenForAnothers()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            // Ids as a model gives them that counts its calls.
            var model = new ScriptedModel([ScriptedModel.Call("call_1", "ask_user", ("secret", "ada's"))]);
            var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("ask_user", null, AIJsonUtilities.CreateJsonSchema(typeof(object)))] };
            var ada = model.AsBuilder().UseToolTrail(recorder, Options).Build();
            var bob = model.AsBuilder().UseToolTrail(recorder, new CaptureOptions { User = () => "bob" }).Build();
            await ada.GetResponseAsync("Ask.", options, TestContext.Current.CancellationToken);
            foreach (var client in new[] { bob, ada })
                await client.GetResponseAsync([new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "an answer")])], options, TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(Path.Combine(home.Path, "bob")), "Bob's trail has a call of Ada's.");
        Assert.Equal(["ask_user ok"], home.Outcomes());
    }

    [Fact]
    public void AClientThatInvokesFunctionsInside_IsRefused()
    {
        using var home = new TestHome();
        using var model = new ScriptedModel();
        var builder = model.AsBuilder().UseToolTrail(home.Recorder()).UseFunctionInvocation();
        var error = Assert.Throws<ArgumentException>(() => builder.Build());
        Assert.Contains("in the place of UseFunctionInvocation()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownTool_IsRecorded_AlsoWhenTheModelFailsAfterwards()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            var model = new ScriptedModel([ScriptedModel.Call("c", "format_disk")], [new ErrorContent("overloaded")]);
            await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(model, recorder, [new(ChatRole.User, "Do it.")], [], TestContext.Current.CancellationToken));
        }

        Assert.Equal(["format_disk error"], home.Outcomes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Ending("unknown tool")]
    public async Task AnUnknownTool_IsAnError_AlsoWhereTheClientLeavesItToTheCaller(bool streaming)
    {
        using var home = new TestHome();
        await AskAsync(home, new ScriptedModel([ScriptedModel.Call("c", "format_disk")]), client => client.TerminateOnUnknownCalls = true, streaming);
        Assert.Equal("unknown_tool", Assert.Single(home.Records()).Error?.Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Ending("cancelled")]
    public async Task ACallBehindTheLastRound_IsCancelled(bool streaming)
    {
        using var home = new TestHome();
        await AskAsync(home, new ScriptedModel([ScriptedModel.Call("c", "one")], [ScriptedModel.Call("d", "one")]), client => client.MaximumIterationsPerRequest = 1, streaming);
        Assert.Equal(["one ok", "one cancelled"], home.Outcomes());
        Assert.Equal(("d", "the client stopped before it ran the call"), (home.Records()[1].CallId, home.Records()[1].Reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Ending("cancelled")]
    public async Task WhatWasAskedForAlongWithACallThatEndsTheRequest_IsCancelled(bool streaming)
    {
        using var home = new TestHome();
        var model = new ScriptedModel([ScriptedModel.Call("c", "break"), ScriptedModel.Call("d", "one"), ScriptedModel.Call("e", "format_disk")]);
        await Assert.ThrowsAsync<IOException>(() => AskAsync(home, model, client => client.MaximumConsecutiveErrorsPerRequest = 0, streaming));
        Assert.Equal(["break error", "one cancelled", "format_disk error"], home.Outcomes());
    }

    [Theory]
    [InlineData(FailurePolicy.Continue)]
    [InlineData(FailurePolicy.Refuse)]
    public async Task AnUnknownTool_ThatCannotBeRecorded_EndsTheRequest_OnlyWhereThatIsThePolicy(FailurePolicy policy)
    {
        using var home = new TestHome();
        // No folder can be made for the user.
        Directory.CreateDirectory(home.Path);
        await File.WriteAllTextAsync(Path.Combine(home.Path, "ada"), "", TestContext.Current.CancellationToken);
        await using var recorder = home.Recorder(new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.Durable, OnFailure = policy } });
        var client = new ScriptedModel([ScriptedModel.Call("c", "format_disk")]).AsBuilder().UseToolTrail(recorder, Options).Build();
        if (policy == FailurePolicy.Refuse)
            await Assert.ThrowsAsync<TrailWriteException>(() => client.GetResponseAsync("Do it.", cancellationToken: TestContext.Current.CancellationToken));
        else
            Assert.Equal("done", (await client.GetResponseAsync("Do it.", cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task AFunctionThatTheServiceRan_IsRecordedWithItsResult()
    {
        using var home = new TestHome();
        await AskAsync(home, new ScriptedModel([ScriptedModel.Call("c", "lookup"), new FunctionResultContent("c", "found")]), _ => { }, streaming: false);
        Assert.Equal(("lookup", "ok", "found"), home.Records().Select(record => (record.Tool, record.Status.Value, record.ResultSnippet!)).Single());
    }

    [Fact]
    public async Task AConversation_IsTheSession()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            var model = new ScriptedModel([ScriptedModel.Call("c", "one")]);
            var client = model.AsBuilder().UseToolTrail(recorder, Options).Build();
            var options = new ChatOptions { ConversationId = "conv-7", ModelId = "big", Tools = [AIFunctionFactory.Create(() => 1, "one")] };
            await client.GetResponseAsync("Do it.", options, TestContext.Current.CancellationToken);
        }

        var record = Assert.Single(home.Records());
        Assert.Equal(("conv-7", "big"), (record.Session, record.Model));
    }
}
