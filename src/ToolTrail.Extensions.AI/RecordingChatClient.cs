using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ToolTrail.Recording;

namespace ToolTrail.Extensions.AI;

/// <summary>
/// A function-invoking chat client that records every call that the model makes: those that ran, and those that did not, because the policy or a person
/// refused them or because there is no such tool; and those that the caller or the model's provider ran, as far as the messages tell. It stands where a
/// <see cref="FunctionInvokingChatClient"/> would, and has all its settings.
/// </summary>
/// <remarks>
/// The model reads of a refusal by the policy in the call's result. Unknown tools and rejections reach no function and no
/// <see cref="FunctionInvokingChatClient.FunctionInvoker"/>: they are seen where the results are made, and in the request's messages.
/// </remarks>
public sealed class RecordingChatClient : FunctionInvokingChatClient
{
    private readonly FunctionCapture _capture;

    /// <param name="innerClient">The client that answers.</param>
    /// <param name="recorder">Where calls are recorded; <c>null</c>: <see cref="ToolCallRecorder.Default"/>.</param>
    /// <param name="options">What the host cannot tell; <c>null</c>: the defaults.</param>
    /// <param name="loggerFactory">For the base class.</param>
    /// <param name="functionInvocationServices">For the functions.</param>
    /// <exception cref="ArgumentException">The inner client invokes functions itself, so that nothing would be seen here.</exception>
    public RecordingChatClient(
        IChatClient innerClient,
        ToolCallRecorder? recorder = null,
        CaptureOptions? options = null,
        ILoggerFactory? loggerFactory = null,
        IServiceProvider? functionInvocationServices = null)
        : base(innerClient, loggerFactory, functionInvocationServices)
    {
        if (innerClient.GetService<FunctionInvokingChatClient>() is not null)
        {
            throw new ArgumentException(
                "The inner client invokes functions itself, so no call would be seen here: put UseToolTrail() in the place of UseFunctionInvocation().",
                nameof(innerClient));
        }

        _capture = new FunctionCapture(recorder, options, innerClient.GetService<ChatClientMetadata>());
    }

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = Once(messages);
        var run = await RecordedRun.BeginAsync(_capture, this, request, options ?? new ChatOptions()).ConfigureAwait(false);
        RecordedRun.Current = run;
        try
        {
            var response = await base.GetResponseAsync(request, options, cancellationToken).ConfigureAwait(false);
            foreach (var message in response.Messages)
                await run.SeeAsync(message.Contents, showsUnknown: false).ConfigureAwait(false);
            return response;
        }
        finally
        {
            await run.EndAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Once(messages);
        var run = await RecordedRun.BeginAsync(_capture, this, request, options ?? new ChatOptions()).ConfigureAwait(false);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(request, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                // After each yield the ambient state is the consumer's again.
                RecordedRun.Current = run;
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    yield break;
                await run.SeeAsync(updates.Current.Contents, showsUnknown: false).ConfigureAwait(false);
                yield return updates.Current;
            }
        }
        finally
        {
            await run.EndAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override ValueTask<object?> InvokeFunctionAsync(FunctionInvocationContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RecordedRun.Current!.InvokeAsync(context, base.InvokeFunctionAsync, cancellationToken);
    }

    /// <inheritdoc/>
    protected override IList<ChatMessage> CreateResponseMessages(ReadOnlySpan<FunctionInvocationResult> results)
    {
        foreach (var result in results)
        {
            // The base class gives no chance to await: what the delivery mode promises is waited for here.
            if (result.Status == FunctionInvocationStatus.NotFound)
                RecordedRun.Current!.RecordUnknownAsync(result.CallContent).AsTask().GetAwaiter().GetResult();
        }

        return base.CreateResponseMessages(results);
    }

    // They may be produced while they are enumerated.
    private static IReadOnlyCollection<ChatMessage> Once(IEnumerable<ChatMessage> messages) => messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
}
