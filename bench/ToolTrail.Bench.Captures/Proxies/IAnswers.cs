namespace ToolTrail.Bench.Captures.Proxies;

/// <summary>Where the HTTP server has its answers from. One message at a time.</summary>
internal interface IAnswers
{
    /// <summary>The answer to a message; <c>null</c>: it is a notification.</summary>
    ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(string message);
}
