using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ToolTrail.Samples;

/// <summary>Stands for a model, so that the samples run without a key: it asks for a note, then for a tool that there is not, and is then done.</summary>
public sealed class DemoModel : IChatClient
{
    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var results = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToList();
        AIContent answer = results.Count switch
        {
            0 => new FunctionCallContent("call-1", "ReadNote", new Dictionary<string, object?> { ["name"] = "todo.txt" }),
            1 => new FunctionCallContent("call-2", "DeleteNote", new Dictionary<string, object?> { ["name"] = "todo.txt" }),
            _ => new TextContent($"Your list says: {results[0].Result}"),
        };
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [answer])));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("demo", null, "demo-1") : null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
