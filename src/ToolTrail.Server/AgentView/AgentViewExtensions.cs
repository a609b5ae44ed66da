using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ToolTrail.ModelContextProtocol;
using ToolTrail.Recording;
using ToolTrail.Server.Access;

namespace ToolTrail.Server.AgentView;

/// <summary>Puts the agent's own view into a server.</summary>
internal static class AgentViewExtensions
{
    /// <summary>The tools, and what they stand on.</summary>
    public static IMcpServerBuilder AddAgentView(this IServiceCollection services, CaptureOptions capture)
    {
        services.AddSingleton<TrailVerdicts>().AddSingleton<FileTool>();
        return services.AddMcpServer(options => options.ServerInfo = new global::ModelContextProtocol.Protocol.Implementation { Name = "tooltrail", Version = typeof(AgentViewExtensions).Assembly.GetName().Version!.ToString(3) })
            .WithTools<AgentTools>()
            // An agent that reads its trail leaves a trail.
            .WithToolTrail(options: capture);
    }

    /// <summary><c>/mcp</c>, for keys that may read.</summary>
    public static void MapAgentView(this IEndpointRouteBuilder app) => app.MapMcp("/mcp").RequireRole(Role.Admin, Role.Auditor, Role.User);
}
