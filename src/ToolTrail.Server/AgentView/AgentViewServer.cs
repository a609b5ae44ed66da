using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Verification;

namespace ToolTrail.Server.AgentView;

/// <summary>The agent's own view as an MCP server over standard input and output, bound to one user.</summary>
public static class AgentViewServer
{
    /// <summary>Makes it; the caller runs and disposes it.</summary>
    /// <param name="home">The trail.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="recorder">Records the calls of the tools. Stays the caller's.</param>
    /// <param name="viewer">Who looks.</param>
    /// <param name="configureLogging">Where trouble is told; it must not write to standard output.</param>
    public static IHost Create(
        TrailHome home, TrailConfiguration configuration, ToolCallRecorder recorder, Viewer viewer, Action<ILoggingBuilder>? configureLogging = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(viewer);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "ToolTrail.Server" });
        configureLogging?.Invoke(builder.Logging);
        builder.Services
            .AddSingleton(home)
            .AddSingleton(configuration)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(viewer)
            // An instance of the caller's, which the container does not dispose.
            .AddSingleton(recorder)
            .AddSingleton(new TrailReader(home))
            .AddSingleton(new SealLog(home, configuration.Current.Integrity.SigningKey))
            .AddSingleton<TrailVerifier>();
        builder.Services.AddAgentView(new CaptureOptions { User = () => viewer.User }).WithStdioServerTransport();
        return builder.Build();
    }
}
