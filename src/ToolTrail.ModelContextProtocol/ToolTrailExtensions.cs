using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Server;
using ToolTrail.Recording;

namespace ToolTrail.ModelContextProtocol;

/// <summary>Adds the recording of tool calls to servers and clients of the Model Context Protocol.</summary>
/// <remarks>
/// Where no recorder is given, a <see cref="ToolCallRecorder"/> among the services is used, else <see cref="ToolCallRecorder.Default"/>: the trail of this
/// user, with nothing to set up.
/// </remarks>
public static class ToolTrailExtensions
{
    /// <summary>Records every call of a tool that a client makes, also those that an authorization filter refuses and those that run as tasks.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the server cannot tell; by default the user is who is signed in, and the agent is the client.</param>
    /// <returns>The builder.</returns>
    public static IMcpServerBuilder WithToolTrail(this IMcpServerBuilder builder, ToolCallRecorder? recorder = null, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IConfigureOptions<McpServerOptions>>(
            services => new ServerCaptureSetup(recorder ?? services.GetService<ToolCallRecorder>(), options, services.GetService<TimeProvider>()));
        return builder;
    }

    /// <summary>Records the calls of a server's tool that go through this client.</summary>
    /// <param name="tool">The tool, as the client lists it.</param>
    /// <param name="client">The client that listed it.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the client cannot tell.</param>
    /// <returns>The tool, recorded. It throws <see cref="ToolCallDeniedException"/> when the policy refuses.</returns>
    public static AIFunction WithToolTrail(this McpClientTool tool, McpClient client, ToolCallRecorder? recorder = null, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(client);
        return new RecordingMcpTool(tool, client, recorder ?? ToolCallRecorder.Default, options ?? new CaptureOptions());
    }

    /// <summary>Records the calls of a server's tools that go through this client.</summary>
    /// <param name="tools">The tools, as the client lists them.</param>
    /// <param name="client">The client that listed them.</param>
    /// <param name="recorder">Where calls are recorded.</param>
    /// <param name="options">What the client cannot tell.</param>
    /// <returns>The tools, recorded.</returns>
    public static IList<AIFunction> WithToolTrail(
        this IEnumerable<McpClientTool> tools, McpClient client, ToolCallRecorder? recorder = null, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        return [.. tools.Select(tool => tool.WithToolTrail(client, recorder, options))];
    }
}
