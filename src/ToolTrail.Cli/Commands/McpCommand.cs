using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Server.AgentView;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail mcp</c>: an agent's own view of its trail.</summary>
internal static class McpCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand(
            "mcp", "An MCP server over standard input and output by which an agent looks at its own trail: audit_recent, audit_stats, audit_verify and file_read, of one user alone.")
        {
            Examples = [new("tooltrail mcp --user ann", "the command of an MCP server in an agent's configuration")],
        };
        var user = new Option<string?>("--user", "-u")
        {
            Description = "Whose records the agent sees, and for whom its own calls are recorded. Default: the system's user",
            HelpName = "USER",
        };
        command.Options.Add(user);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.OpenHome(), parsed.GetValue(user) ?? Environment.UserName, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, string user, CancellationToken cancellationToken)
    {
        using var configuration = TrailConfiguration.Load(home);
        await using var recorder = ToolCallRecorder.Open(home, configuration);
        using var server = AgentViewServer.Create(
            home, configuration, recorder, new Viewer(user, SeesAll: false, $"mcp of {user}"),
            logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        await server.RunAsync(cancellationToken);
        return ExitCode.Done;
    }
}
