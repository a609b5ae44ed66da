using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary><c>UseToolTrail()</c> on an agent that streams.</summary>
[Capture("Agent Framework, streaming")]
public sealed class StreamingAgentTests : CaptureContract
{
    // The session remembers what was said before.
    private AgentSession? _session;
    private int _seen;

    protected override string Source => "agent-framework";

    protected override string? Agent => "coder";

    internal override async Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model, ToolCallRecorder recorder, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, CancellationToken cancellationToken)
    {
        var agent = AgentTests.Recorded(model, recorder, tools);
        _session ??= await agent.CreateSessionAsync(cancellationToken);
        var response = await agent.RunStreamingAsync(messages.Skip(_seen), _session, cancellationToken: cancellationToken).ToAgentResponseAsync(cancellationToken);
        _seen = messages.Count + response.Messages.Count;
        return response.Messages;
    }
}
