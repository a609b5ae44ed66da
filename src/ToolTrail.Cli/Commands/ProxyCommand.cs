using System.CommandLine;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Mcp.Proxy;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail proxy</c>.</summary>
internal static class ProxyCommand
{
    private static readonly Argument<string[]> Server = new("COMMAND")
    {
        Description = "The server's command and its arguments, after --",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> User = new("--user")
    {
        Description = "On whose behalf the agent works. Default: the system's user",
        HelpName = "U",
    };

    private static readonly Option<string?> Agent = new("--agent")
    {
        Description = "The agent's name. Default: the name that the client gives itself",
        HelpName = "A",
    };

    private static readonly Option<string?> Session = new("--session")
    {
        Description = "The session that the calls belong to. Default: a new one for each start",
        HelpName = "S",
    };

    private static readonly Option<string?> ServerLabel = new("--server")
    {
        Description = "The server's name in the records. Default: the command's, of npx and its like the package's",
        HelpName = "NAME",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand(
            "proxy",
            "Starts an MCP server and records each call of its tools; everything is relayed unchanged. Exits with the server's exit code.")
        {
            Examples =
            [
                new("tooltrail proxy -- npx -y @modelcontextprotocol/server-filesystem .", "put this in the place of the server's own command"),
                new("tooltrail proxy --user ada --agent editor -- ./my-server --verbose", "say whose calls they are"),
            ],
        };
        User.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() == OwnLines.User)
                result.AddError($"The user '{OwnLines.User}' is reserved for the trail's own lines: take another name.");
        });
        command.Options.Add(User);
        command.Options.Add(Agent);
        command.Options.Add(Session);
        command.Options.Add(ServerLabel);
        command.Arguments.Add(Server);

        // No asynchronous action: those end within two seconds of a signal, while it is the server that decides when this ends.
        command.SetAction(parsed => RunAsync(parsed).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var command = parsed.GetRequiredValue(Server);
        var options = new McpProxyOptions
        {
            Command = command[0],
            Arguments = command[1..],
            User = parsed.GetValue(User) ?? Environment.UserName,
            Agent = parsed.GetValue(Agent),
            Session = parsed.GetValue(Session),
            Server = parsed.GetValue(ServerLabel),
        };
        using var loggerFactory = LoggerFactory.Create(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        var home = parsed.OpenHome();
        using var configuration = TrailConfiguration.Load(home, loggerFactory: loggerFactory);
        await using var recorder = ToolCallRecorder.Open(home, configuration, loggerFactory: loggerFactory);
        try
        {
            return await McpProxy.RunAsync(options, recorder, loggerFactory);
        }
        catch (McpServerStartException exception)
        {
            await Console.Error.WriteLineAsync($"tooltrail: {exception.Message}");
            return exception.ExitCode;
        }
    }
}
