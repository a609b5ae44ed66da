using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI.Tests;

/// <summary>A model that answers what a test wrote for it, and shows what it was sent.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private readonly Queue<AIContent[]> _answers;

    /// <param name="answers">Its answers in order; when they are used up it says "done".</param>
    public ScriptedModel(params AIContent[][] answers) => _answers = new(answers);

    /// <summary>The messages of each request.</summary>
    public List<IReadOnlyList<ChatMessage>> Requests { get; } = [];

    /// <summary>The results that it was given in the last request.</summary>
    public IEnumerable<FunctionResultContent> LastResults => Requests[^1].SelectMany(message => message.Contents).OfType<FunctionResultContent>();

    /// <summary>A call of a function.</summary>
    public static FunctionCallContent Call(string id, string tool, params (string Name, object? Value)[] arguments) =>
        new(id, tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Requests.Add([.. messages]);
        cancellationToken.ThrowIfCancellationRequested();
        AIContent[] contents = _answers.TryDequeue(out var answer) ? answer : [new TextContent("done")];
        if (contents is [ErrorContent failure])
            throw new HttpRequestException(failure.Message);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, contents) { MessageId = Guid.NewGuid().ToString("n") }) { ModelId = "scripted-1" });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, "scripted-1")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }
}
