using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ToolTrail.ModelContextProtocol;
using ToolTrail.Recording;
using ToolTrail.Server.Access;
using Role = ToolTrail.Server.Access.Role;

namespace ToolTrail.Server.AgentView;

/// <summary>Puts the agent's own view into a server.</summary>
internal static class AgentViewExtensions
{
    /// <summary>The tools, and what they stand on.</summary>
    public static IMcpServerBuilder AddAgentView(this IServiceCollection services, CaptureOptions capture)
    {
        services.AddSingleton<TrailVerdicts>().AddSingleton<FileTool>();
        return services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "tooltrail", Version = typeof(AgentViewExtensions).Assembly.GetName().Version!.ToString(3) })
            .WithTools<AgentTools>()
            // An agent that reads its trail leaves a trail.
            .WithToolTrail(options: capture)
            .WithRequestFilters(filters => filters.AddCallToolFilter(Refuse));
    }

    /// <summary><c>/mcp</c>, for keys that may read.</summary>
    public static void MapAgentView(this IEndpointRouteBuilder app) => app.MapMcp("/mcp").RequireRole(Role.Admin, Role.Auditor, Role.User);

    // What a tool refuses is an answer, and no error of the server's that its log would tell of.
    private static McpRequestHandler<CallToolRequestParams, CallToolResult> Refuse(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (context, cancellationToken) =>
        {
            try
            {
                return await next(context, cancellationToken);
            }
            catch (McpException e) when (e is not McpProtocolException)
            {
                return Refusal(e.Message);
            }
            catch (Exception e) when (e is JsonException or ArgumentException { ParamName: "arguments" })
            {
                // Who binds them says which is missing, or what kind it has to be.
                return Refusal($"The arguments are not as the tool describes them: {e.Message}");
            }
        };

    private static CallToolResult Refusal(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text }] };
}
