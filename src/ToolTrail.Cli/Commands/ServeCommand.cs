using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using ToolTrail.Home;
using ToolTrail.Server;
using ToolTrail.Server.Keys;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail serve</c>: the HTTP server.</summary>
internal static partial class ServeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Addresses to listen on, separated by ';'. Default: server.urls of the configuration, else http://127.0.0.1:5280",
            HelpName = "URLS",
        };
        var allowInsecure = new Option<bool>("--allow-insecure")
        {
            Description = "Listen beyond this machine without TLS all the same: keys and records cross the network in the clear",
        };
        var command = new TrailCommand("serve", "Serves the trail over HTTP: read it, add to it. Ends on Ctrl-C or SIGTERM, with everything on disk.")
        {
            Options = { urls, allowInsecure },
            Examples =
            [
                new("tooltrail serve", "on http://127.0.0.1:5280, for this machine alone"),
                new("tooltrail serve --urls http://127.0.0.1:8080", "on another port"),
            ],
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var values = new Dictionary<string, string>();
            if (parsed.GetValue(urls) is { } addresses)
                values["server.urls"] = addresses;
            if (parsed.GetValue(allowInsecure))
                values["server.allowInsecure"] = "true";
            return RunAsync(parsed.OpenHome(), values, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(AddConsole);
        using var configuration = TrailConfiguration.Load(home, values, loggerFactory: loggers);
        await using var server = TrailServer.Create(new TrailServerOptions { Home = home, Configuration = configuration, ConfigureLogging = AddConsole });
        if (!await Listening.TryStartAsync(
            server, configuration.Current.Server.Urls, "tooltrail serve", "tooltrail serve --urls http://127.0.0.1:5281", cancellationToken))
            return ExitCode.Failed;
        await WelcomeAsync(server, home, cancellationToken);
        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task WelcomeAsync(WebApplication server, TrailHome home, CancellationToken cancellationToken)
    {
        var address = server.Urls.First();
        Console.Out.WriteLine($"ToolTrail serves {home.Path} on {string.Join(", ", server.Urls)}");
        var file = await FirstAdminKey.EnsureAsync(server, Console.IsOutputRedirected ? null : Console.Out, cancellationToken);
        if (file is not null)
            LogFirstKey(server.Logger, file);
        Console.Out.WriteLine("Sign in with a key; 'tooltrail keys add --role auditor' makes one:");
        Console.Out.WriteLine($"  curl -H \"Authorization: Bearer $KEY\" '{address}/api/audit/recent'");
        Console.Out.WriteLine("Ctrl-C ends the server.");
    }

    [LoggerMessage(LogLevel.Information, "The first admin key is in {Path}: keep it elsewhere and remove the file.")]
    private static partial void LogFirstKey(ILogger logger, string path);

    // Standard output is for what was asked for.
    private static void AddConsole(ILoggingBuilder logging) => Listening.Filter(logging)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        })
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
}
