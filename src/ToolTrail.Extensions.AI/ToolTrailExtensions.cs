using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolTrail.Recording;

namespace ToolTrail.Extensions.AI;

/// <summary>Adds the recording of tool calls to chat clients, agents and functions.</summary>
/// <remarks>
/// Where no recorder is given, a <see cref="ToolCallRecorder"/> among the services is used, else <see cref="ToolCallRecorder.Default"/>: the trail of this
/// user, with nothing to set up.
/// </remarks>
public static class ToolTrailExtensions
{
    /// <summary>Invokes functions as <c>UseFunctionInvocation()</c> does, in whose place it stands, and records every call that the model makes.</summary>
    /// <param name="builder">The chat client's pipeline.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the host cannot tell: on whose behalf calls are made.</param>
    /// <param name="configure">Sets what <c>UseFunctionInvocation()</c> would: most iterations, concurrent invocation and so on.</param>
    /// <returns>The builder.</returns>
    public static ChatClientBuilder UseToolTrail(
        this ChatClientBuilder builder, ToolCallRecorder? recorder = null, CaptureOptions? options = null, Action<FunctionInvokingChatClient>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var client = new RecordingChatClient(
                inner, recorder ?? services.GetService<ToolCallRecorder>(), options, services.GetService<ILoggerFactory>(), services);
            configure?.Invoke(client);
            return client;
        });
    }

    /// <summary>Records every tool call of an agent, with its name and session.</summary>
    /// <param name="builder">The agent's pipeline.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the host cannot tell: on whose behalf calls are made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">When the agent is built: it invokes no functions on this machine.</exception>
    public static AIAgentBuilder UseToolTrail(this AIAgentBuilder builder, ToolCallRecorder? recorder = null, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) => inner.GetService<FunctionInvokingChatClient>() switch
        {
            null => throw new InvalidOperationException(
                "The agent invokes no functions on this machine, so no call would be seen here: record where they run, in its MCP servers for example."),
            // It sees every call of the agent, and knows of the agent by itself.
            RecordingChatClient => inner,
            _ when inner.GetService<RecordingAgent>() is not null => inner,
            var client => new RecordingAgent(inner, client, recorder ?? services.GetService<ToolCallRecorder>(), options),
        });
    }

    /// <summary>Records the calls of one function, whoever makes them.</summary>
    /// <param name="function">The function.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the host cannot tell: on whose behalf calls are made.</param>
    /// <returns>
    /// The function, recorded. It throws <see cref="ToolCallDeniedException"/> when the policy refuses; called by a model it returns the refusal, for the model
    /// to read.
    /// </returns>
    public static AIFunction WithToolTrail(this AIFunction function, ToolCallRecorder? recorder = null, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new RecordingAIFunction(function, new FunctionCapture(recorder, options));
    }
}
