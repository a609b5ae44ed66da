using Microsoft.Extensions.AI;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary><c>UseToolTrail()</c> on a chat client that streams.</summary>
[Capture("Microsoft.Extensions.AI, streaming")]
public sealed class StreamingChatClientTests : CaptureContract
{
    protected override string Source => "extensions-ai";

    internal override async Task<IList<ChatMessage>> AskAsync(
        ScriptedModel model, ToolCallRecorder recorder, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, CancellationToken cancellationToken)
    {
        var client = model.AsBuilder().UseToolTrail(recorder, Options).Build();
        var updates = client.GetStreamingResponseAsync(messages, new ChatOptions { Tools = [.. tools] }, cancellationToken);
        return (await updates.ToChatResponseAsync(cancellationToken)).Messages;
    }
}
