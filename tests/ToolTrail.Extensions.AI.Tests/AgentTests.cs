using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary><c>UseToolTrail()</c> on an agent of the Agent Framework.</summary>
[Capture("Agent Framework")]
public sealed class AgentTests : CaptureContract
{
    // The session remembers what was said before.
    private AgentSession? _session;
    private int _seen;

    protected override string Source => "agent-framework";

    protected override string? Agent => "coder";

    internal override async Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model, ToolCallRecorder recorder, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, CancellationToken cancellationToken)
    {
        var agent = Recorded(model, recorder, tools);
        _session ??= await agent.CreateSessionAsync(cancellationToken);
        var response = await agent.RunAsync(messages.Skip(_seen), _session, cancellationToken: cancellationToken);
        _seen = messages.Count + response.Messages.Count;
        return response.Messages;
    }

    internal static AIAgent Recorded(IChatClient model, ToolCallRecorder recorder, IReadOnlyList<AITool> tools) =>
        new ChatClientAgent(model, new ChatClientAgentOptions { Name = "coder", ChatOptions = new ChatOptions { Tools = [.. tools] } })
            .AsBuilder().UseToolTrail(recorder, Options).Build();

    [Fact]
    public async Task TheSession_IsFilledIn_AndOneForAllItsRuns()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            var model = new ScriptedModel([ScriptedModel.Call("c1", "one")], [new TextContent("done")], [ScriptedModel.Call("c2", "one")]);
            var agent = Recorded(model, recorder, [AIFunctionFactory.Create(() => 1, "one")]);
            var session = await agent.CreateSessionAsync(TestContext.Current.CancellationToken);
            await agent.RunAsync("Do it.", session, cancellationToken: TestContext.Current.CancellationToken);
            await agent.RunAsync("Again.", session, cancellationToken: TestContext.Current.CancellationToken);
        }

        var sessions = home.Records().Select(record => record.Session).ToList();
        Assert.Equal(2, sessions.Count);
        Assert.NotNull(Assert.Single(sessions.Distinct()));
    }

    [Fact]
    public async Task AClientThatRecordsInside_SeesTheAgent_AndEachCallIsRecordedOnce()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            var model = new ScriptedModel([ScriptedModel.Call("c", "one")], [ScriptedModel.Call("d", "two")]);
            var agent = Recorded(model.AsBuilder().UseToolTrail(recorder, Options).Build(), recorder, [AIFunctionFactory.Create(() => 1, "one")]);
            await agent.RunAsync("Do it.", cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(["one ok", "two error"], home.Outcomes());
        Assert.All(home.Records(), record => Assert.Equal(("coder", "agent-framework"), (record.Agent, record.Source)));
    }

    [Fact]
    public async Task AnAgentThatIsAnothersTool_IsToldApart()
    {
        using var home = new TestHome();
        await using (var recorder = home.Recorder())
        {
            var inner = new ChatClientAgent(
                new ScriptedModel([ScriptedModel.Call("i", "one")]),
                new ChatClientAgentOptions { Name = "helper", ChatOptions = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] } })
                .AsBuilder().UseToolTrail(recorder, Options).Build();
            var outer = Recorded(new ScriptedModel([ScriptedModel.Call("o", "helper", ("query", "Do it."))]), recorder, [inner.AsAIFunction()]);
            await outer.RunAsync("Do it.", cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal([("helper", "one", "ok"), ("coder", "helper", "ok")], home.Records().Select(record => (record.Agent!, record.Tool, record.Status.Value)));
    }
}
