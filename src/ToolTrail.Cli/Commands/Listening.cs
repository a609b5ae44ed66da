using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace ToolTrail.Cli.Commands;

/// <summary>What the commands that listen for HTTP have in common.</summary>
internal static class Listening
{
    /// <summary>Starts listening; where another program listens already, says so.</summary>
    /// <param name="app">What is started.</param>
    /// <param name="addresses">Where it is to listen.</param>
    /// <param name="command">The command, for people.</param>
    /// <param name="elsewhere">The same with another port, for people.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether it listens.</returns>
    public static async Task<bool> TryStartAsync(WebApplication app, string addresses, string command, string elsewhere, CancellationToken cancellationToken = default)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            return true;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            Console.Error.WriteLine($"tooltrail: {addresses} is taken: another program, or another '{command}', listens there.");
            Console.Error.WriteLine($"Stop that one, or choose another port: {elsewhere}");
            return false;
        }
    }

    /// <summary>Keeps what only its makers want to read out of the log.</summary>
    public static ILoggingBuilder Filter(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        // Four lines a request, and a stack trace where the proxy itself says in a line why the server could not be asked.
        .AddFilter("Yarp", LogLevel.Error)
        // Its errors are exceptions that come here and are told in words.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
}
