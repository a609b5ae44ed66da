using ToolTrail.Mcp.Protocol;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// Looks at what the server sends. The answer to a call passes once its outcome is recorded as the tool's delivery mode says; everything else passes.
/// </summary>
internal sealed class ServerInspector : ILineInspector
{
    private readonly OpenCalls _calls;
    private readonly CallScope _scope;

    /// <param name="calls">The calls under way.</param>
    /// <param name="scope">Whose requests are answered.</param>
    public ServerInspector(OpenCalls calls, CallScope scope)
    {
        _calls = calls;
        _scope = scope;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> InspectAsync(ReadOnlyMemory<byte> line)
    {
        if (!_calls.Any)
            return null;
        var json = Json.Trim(line);
        if (!json.IsEmpty && json.Span[0] == '[')
            return await InspectBatchAsync(json);
        if (JsonRpcMessage.Parse(json) is { } message)
            return await LookAsync(message) is { } refusal ? [.. refusal, (byte)'\n'] : null;
        await SkimAsync(json);
        return null;
    }

    /// <inheritdoc/>
    public ValueTask<bool> BeginLongLineAsync(SkimmedMessage line) => ValueTask.FromResult(true);

    /// <inheritdoc/>
    public bool GoesOn(SkimmedMessage line) => true;

    /// <inheritdoc/>
    public ValueTask EndLongLineAsync(SkimmedMessage line) => line.IsAnswer
        ? _calls.AnswerAsync(_scope, line, $"The answer had {line.Length} bytes: too long to be looked at.")
        : ValueTask.CompletedTask;

    // It passes, since clients differ in what they take for JSON as servers do (Python's write NaN), and it is the only answer that will come.
    private async ValueTask SkimAsync(ReadOnlyMemory<byte> text)
    {
        var message = new SkimmedMessage();
        message.Scan(text.Span);
        if (message.IsAnswer)
            await _calls.AnswerAsync(_scope, message, "The answer is no JSON, and was not looked at.");
    }

    private async ValueTask<byte[]?> InspectBatchAsync(ReadOnlyMemory<byte> json)
    {
        if (JsonRpcMessage.SplitBatch(json) is not { } messages)
            return null;
        var isChanged = false;
        for (var i = 0; i < messages.Count; i++)
        {
            if (JsonRpcMessage.Parse(messages[i]) is not { } message || await LookAsync(message) is not { } refusal)
                continue;
            messages[i] = refusal;
            isChanged = true;
        }

        return isChanged ? Batch.Join(messages) : null;
    }

    /// <returns><c>null</c>: the message passes. Otherwise the answer that stands in its place.</returns>
    private async ValueTask<byte[]?> LookAsync(JsonRpcMessage message)
    {
        // A server's own requests have ids of their own, which mean nothing here.
        if (message.Method is null)
            return await _calls.AnswerAsync(_scope, message);
        if (message.Method is "notifications/tasks" or "notifications/tasks/status" && !message.Params.IsEmpty)
            await _calls.TellAsync(message.Params);
        return null;
    }
}
