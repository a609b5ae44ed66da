using System.Runtime.CompilerServices;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ToolTrail.Recording;

namespace ToolTrail.Extensions.AI;

/// <summary>An agent that records every tool call of its runs.</summary>
/// <remarks>
/// The functions that run are seen through the agent's function-invoking client; unknown tools and rejections, which reach no function, in the messages of a
/// run. A run that is not streamed and ends with an exception shows none: an unknown tool that the model asked for in it, and after which nothing ran, is not
/// recorded then. A <see cref="RecordingChatClient"/> inside the agent sees that too.
/// </remarks>
internal sealed class RecordingAgent : DelegatingAIAgent
{
    private readonly FunctionCapture _capture;
    private readonly FunctionInvokingChatClient _client;

    /// <param name="innerAgent">The agent.</param>
    /// <param name="client">Its client that invokes functions.</param>
    /// <param name="recorder">Where calls are recorded; <c>null</c>: the process's own.</param>
    /// <param name="options">What the host cannot tell; <c>null</c>: the defaults.</param>
    public RecordingAgent(AIAgent innerAgent, FunctionInvokingChatClient client, ToolCallRecorder? recorder, CaptureOptions? options)
        : base(innerAgent)
    {
        _capture = new FunctionCapture(recorder, options, client.GetService<ChatClientMetadata>());
        _client = client;
        RecordedRun.Follow(client);
    }

    /// <inheritdoc/>
    protected override async Task<AgentResponse> RunCoreAsync(
        IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var run = await BeginAsync(request).ConfigureAwait(false);
        RecordedRun.Current = run;
        try
        {
            var response = await base.RunCoreAsync(request, session, options, cancellationToken).ConfigureAwait(false);
            foreach (var message in response.Messages)
                await run.SeeAsync(message.Contents, AreMadeHere(message.Role)).ConfigureAwait(false);
            return response;
        }
        finally
        {
            await run.EndAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
        IEnumerable<ChatMessage> messages,
        AgentSession? session = null,
        AgentRunOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var run = await BeginAsync(request).ConfigureAwait(false);
        try
        {
            await using var updates = base.RunCoreStreamingAsync(request, session, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                // After each yield the ambient state is the consumer's again.
                RecordedRun.Current = run;
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    yield break;
                await run.SeeAsync(updates.Current.Contents, AreMadeHere(updates.Current.Role)).ConfigureAwait(false);
                yield return updates.Current;
            }
        }
        finally
        {
            await run.EndAsync().ConfigureAwait(false);
        }
    }

    // Results that were made on this machine are the tool's, those of a service that runs tools itself the assistant's.
    private static bool AreMadeHere(ChatRole? role) => role == ChatRole.Tool;

    private ValueTask<RecordedRun> BeginAsync(IReadOnlyCollection<ChatMessage> messages) =>
        RecordedRun.BeginAsync(_capture, _client, messages, null);
}
