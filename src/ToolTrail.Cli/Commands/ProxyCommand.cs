using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Mcp.Http;
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
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<Uri?> Listen = new("--listen")
    {
        Description = "Instead of a command: the address of this machine to take HTTP at, e.g. 127.0.0.1:5290; with --upstream",
        HelpName = "ADDRESS",
        CustomParser = result => Address(result),
    };

    private static readonly Option<Uri?> Upstream = new("--upstream")
    {
        Description = "The MCP server over HTTP that requests go on to, e.g. https://example.com/mcp",
        HelpName = "URL",
        CustomParser = result => Endpoint(result),
    };

    private static readonly Option<string?> UserHeader = new("--user-header")
    {
        Description = "The request header that names the user, over HTTP",
        HelpName = "NAME",
    };

    private static readonly Option<string?> UserClaim = new("--user-claim")
    {
        Description = "The claim of the bearer token that names the user, over HTTP; the token is checked by the server alone",
        HelpName = "NAME",
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
        Description = "The session that the calls belong to; not over HTTP, which has its own. Default: a new one for each start",
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
            "Starts an MCP server, or stands before one over HTTP, and records each call of its tools; everything is relayed unchanged. Exits with the exit code of the server that it starts; over HTTP, on Ctrl-C or SIGTERM.")
        {
            Examples =
            [
                new("tooltrail proxy -- npx -y @modelcontextprotocol/server-filesystem .", "put this in the place of the server's own command"),
                new("tooltrail proxy --user ada --agent editor -- ./my-server --verbose", "say whose calls they are"),
                new("tooltrail proxy --listen 127.0.0.1:5290 --upstream https://example.com/mcp", "stand before a server over HTTP"),
            ],
        };
        command.Validators.Add(result =>
        {
            var isHttp = result.GetResult(Listen) is not null || result.GetResult(Upstream) is not null;
            var hasCommand = result.GetResult(Server) is { Tokens.Count: > 0 };
            if (isHttp == hasCommand)
                result.AddError("Give the server's command after --, or --listen and --upstream for a server over HTTP.");
            else if (isHttp && (result.GetResult(Listen) is null || result.GetResult(Upstream) is null))
                result.AddError("--listen and --upstream belong together.");
            else if (isHttp && result.GetResult(Session) is not null)
                result.AddError("--session is for a server's command: over HTTP the session is the one that client and server agree on.");
            else if (hasCommand && (result.GetResult(UserHeader) is not null || result.GetResult(UserClaim) is not null))
                result.AddError("--user-header and --user-claim are for --listen: a server that is started by a command gets no requests that could have them. Take --user.");
        });
        User.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() == OwnLines.User)
                result.AddError($"The user '{OwnLines.User}' is reserved for the trail's own lines: take another name.");
        });
        command.Options.Add(User);
        command.Options.Add(Agent);
        command.Options.Add(Session);
        command.Options.Add(ServerLabel);
        command.Options.Add(Listen);
        command.Options.Add(Upstream);
        command.Options.Add(UserHeader);
        command.Options.Add(UserClaim);
        command.Arguments.Add(Server);

        // No asynchronous action: those end within two seconds of a signal, while it is the server that decides when this ends.
        command.SetAction(parsed => RunAsync(parsed).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        using var loggerFactory = LoggerFactory.Create(ConfigureLogging);
        var home = parsed.OpenHome();
        using var configuration = TrailConfiguration.Load(home, loggerFactory: loggerFactory);
        await using var recorder = ToolCallRecorder.Open(home, configuration, loggerFactory: loggerFactory);
        return parsed.GetValue(Listen) is null ? await RunStdioAsync(parsed, recorder, loggerFactory) : await RunHttpAsync(parsed, recorder);
    }

    // Standard output may be the protocol's.
    private static void ConfigureLogging(ILoggingBuilder logging) => Listening.Filter(logging)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static async Task<int> RunStdioAsync(ParseResult parsed, ToolCallRecorder recorder, ILoggerFactory loggerFactory)
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

    private static async Task<int> RunHttpAsync(ParseResult parsed, ToolCallRecorder recorder)
    {
        var options = new McpHttpProxyOptions
        {
            Listen = parsed.GetValue(Listen)!,
            Upstream = parsed.GetValue(Upstream)!,
            User = parsed.GetValue(User) ?? Environment.UserName,
            UserHeader = parsed.GetValue(UserHeader),
            UserClaim = parsed.GetValue(UserClaim),
            Agent = parsed.GetValue(Agent),
            Server = parsed.GetValue(ServerLabel),
        };
        await using var proxy = McpHttpProxy.Create(options, recorder, ConfigureLogging);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var address = options.Listen.GetLeftPart(UriPartial.Authority);
        if (!await Listening.TryStartAsync(proxy, address, "tooltrail proxy", $"tooltrail proxy --listen {options.Listen.Host}:{AnotherPort(options.Listen.Port)} --upstream {options.Upstream}"))
            return ExitCode.Failed;
        await Console.Out.WriteLineAsync($"ToolTrail stands before {options.Upstream} at {proxy.Urls.First()}{(options.Upstream.AbsolutePath == "/" ? "" : options.Upstream.AbsolutePath)}");
        await proxy.WaitForShutdownAsync();
        return ExitCode.Done;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            proxy.Lifetime.StopApplication();
        }
    }

    private static int AnotherPort(int port) => port < 65535 ? port + 1 : port - 1;

    private static Uri? Address(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address)
            && address is { Scheme: "http", AbsolutePath: "/" } && address.IsLoopback)
            return address;
        result.AddError($"--listen takes an address of this machine alone, such as 127.0.0.1:5290, and not '{text}': what listens to others needs TLS, which a reverse proxy before this one can add.");
        return null;
    }

    private static Uri? Endpoint(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https")
            return endpoint;
        result.AddError($"--upstream takes the URL of an MCP server, such as https://example.com/mcp, and not '{text}'.");
        return null;
    }
}
