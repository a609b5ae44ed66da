using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Mcp.Proxy;

/// <summary>
/// A transparent proxy in front of an MCP server over stdio: relays every byte, and records every call of a tool. See <c>docs/mcp-proxy.md</c> for
/// what it does in each case.
/// </summary>
public static class McpProxy
{
    // A program that the server left behind may keep the pipe open for ever.
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Starts the server and relays between it and this process's standard input and output until it ends; its standard error is this process's own.
    /// </summary>
    /// <remarks>Nothing else may read standard input or write to standard output, in the whole life of the process.</remarks>
    /// <param name="options">What to start, and for whom.</param>
    /// <param name="recorder">Where calls are recorded. Stays the caller's, who disposes of it before the process exits.</param>
    /// <param name="loggerFactory">Where trouble is told; default: nowhere. It must not write to standard output.</param>
    /// <returns>The server's exit code; 128 and the signal's number if a signal killed it.</returns>
    /// <exception cref="McpServerStartException">The server cannot be started.</exception>
    public static async Task<int> RunAsync(McpProxyOptions options, ToolCallRecorder recorder, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recorder);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(McpProxy));
        var calls = new OpenCalls(recorder, logger);
        var scope = new CallScope(Template(options));
        using var server = ServerProcess.Start(options.Command, options.Arguments);

        var toClient = new LineOutput(StandardStream.OpenOutput());
        var toServer = new LineOutput(server.Input);
        var fromClient = new LinePump(StandardStream.OpenInput(), toServer, new ClientInspector(calls, scope, toClient, logger));
        var fromServer = new LinePump(server.Output, toClient, new ServerInspector(calls, scope));
        // Known before the server is told, which may end of it at once.
        var clientLeft = false;
        var requests = Start(() => Volatile.Write(ref clientLeft, fromClient.Run()), server.Input);
        var answers = Start(() => fromServer.Run(), server.Output);

        var exitCode = await EndAsync(server, requests, answers, logger);
        await calls.CloseAsync(Volatile.Read(ref clientLeft)
            ? ToolCallOutcome.Cancelled("The client left before the server answered.")
            : ToolCallOutcome.Failed(new ToolCallError("server_exited", $"The server ended (exit code {exitCode}) before it answered.")));
        return exitCode;
    }

    private static async Task<int> EndAsync(ServerProcess server, Task requests, Task answers, ILogger logger)
    {
        var exit = server.WaitForExitAsync();
        try
        {
            // A direction that fails (not: ends) is a defect of ours. Without it nothing may go on unrecorded.
            var running = new List<Task> { requests, answers, exit };
            while (!exit.IsCompleted)
            {
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }
        }
        catch
        {
            server.Kill();
            throw;
        }

        // A program that it started (npx starts the server itself) sees now that nothing more comes, and ends. Clients kill what takes longer than half a second.
        await server.Input.DisposeAsync();
        try
        {
            await answers.WaitAsync(LastOutput);
        }
        catch (TimeoutException)
        {
            ProxyLog.OutputStaysOpen(logger);
        }

        return await exit;
    }

    private static ToolCallRecord Template(McpProxyOptions options) => new()
    {
        User = options.User,
        Tool = "",
        Source = "mcp-proxy",
        Agent = options.Agent,
        Session = options.Session ?? Guid.CreateVersion7().ToString(),
        Server = options.Server ?? ServerName.Of(options.Command, options.Arguments),
    };

    // A direction that has ended is closed, so that the server sees what it would see of the client itself: no more input, or nobody who reads.
    private static Task Start(Action direction, Stream serversEnd) => Task.Factory.StartNew(
        () =>
        {
            using (serversEnd)
                direction();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
