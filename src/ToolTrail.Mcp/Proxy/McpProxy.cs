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

    /// <summary>Starts the server and relays until it ends. The server's standard error is this process's own.</summary>
    /// <param name="options">What to start, and for whom.</param>
    /// <param name="recorder">Where calls are recorded. Stays the caller's, who disposes of it before the process exits.</param>
    /// <param name="client">What the client writes: this process's standard input. Read by a thread of its own, perhaps still when the server has ended.</param>
    /// <param name="output">What the client reads: this process's standard output. Nothing else may write to it.</param>
    /// <param name="loggerFactory">Where trouble is told; default: nowhere. It must not write to <paramref name="output"/>.</param>
    /// <returns>The server's exit code; 128 and the signal's number if a signal killed it.</returns>
    /// <exception cref="McpServerStartException">The server cannot be started.</exception>
    public static async Task<int> RunAsync(
        McpProxyOptions options, ToolCallRecorder recorder, Stream client, Stream output, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(recorder);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(McpProxy));
        var calls = new OpenCalls(recorder, Template(options), logger);
        using var server = ServerProcess.Start(options.Command, options.Arguments);

        var toClient = new LineOutput(output);
        var requests = Start(() =>
        {
            new LinePump(client, new LineOutput(server.Input), new ClientInspector(calls, toClient, logger)).Run();
            CloseInput(server);
        });
        var answers = Start(new LinePump(server.Output, toClient, new ServerInspector(calls)).Run);

        var exitCode = await EndAsync(server, requests, answers, logger);
        await calls.CloseAsync(requests.IsCompleted
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

    private static Task Start(Action direction) =>
        Task.Factory.StartNew(direction, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void CloseInput(ServerProcess server)
    {
        try
        {
            server.Input.Dispose();
        }
        catch (IOException)
        {
            // The server is gone already, which is what closing would have asked of it.
        }
    }
}
