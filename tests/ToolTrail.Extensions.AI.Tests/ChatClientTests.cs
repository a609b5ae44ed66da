using Microsoft.Extensions.AI;
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
