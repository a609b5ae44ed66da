namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>From the server itself.</summary>
internal sealed class MessageAnswers : IAnswers
{
    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(string message) =>
        ValueTask.FromResult(EchoServer.Answer(message) is { } answer ? answer.GetBuffer().AsMemory(0, (int)answer.Length) : (ReadOnlyMemory<byte>?)null);
}
