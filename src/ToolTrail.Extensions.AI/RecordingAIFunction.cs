using Microsoft.Extensions.AI;

namespace ToolTrail.Extensions.AI;

/// <summary>A function that records its calls, whoever makes them.</summary>
/// <remarks>A call that a capture further out records (a <see cref="RecordingChatClient"/>, an agent) is recorded there alone.</remarks>
internal sealed class RecordingAIFunction : DelegatingAIFunction
{
    private readonly FunctionCapture _capture;

    /// <param name="innerFunction">The function.</param>
    /// <param name="capture">What records its calls.</param>
    public RecordingAIFunction(AIFunction innerFunction, FunctionCapture capture)
        : base(innerFunction) => _capture = capture;

    /// <summary>Whether a call of another function is one of this: it is this, or was put around it.</summary>
    /// <remarks>A decorator may hand over arguments of its own, so that they tell nothing.</remarks>
    public bool IsWithin(AIFunction other) => other.Name == Name || ReferenceEquals(other.GetService<RecordingAIFunction>(), this);

    /// <inheritdoc/>
    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (FunctionCapture.IsRecording(this))
            return base.InvokeCoreAsync(arguments, cancellationToken);
        return FunctionInvokingChatClient.CurrentContext is { } context && IsWithin(context.Function)
            ? _capture.InvokeAsync(context, (_, token) => base.InvokeCoreAsync(arguments, token), cancellationToken)
            : _capture.InvokeAsync(this, arguments, token => base.InvokeCoreAsync(arguments, token), cancellationToken);
    }
}
