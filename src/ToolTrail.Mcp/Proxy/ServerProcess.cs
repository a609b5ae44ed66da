using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ToolTrail.Mcp.Proxy;

/// <summary>The real server: its input and output are pipes, its errors go where ours go, and it gets the signals that we get.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly PosixSignalRegistration[] _signals;

    private ServerProcess(Process process)
    {
        _process = process;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, PassOn),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, PassOn),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, PassOn),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, PassOn),
        ];
    }

    /// <summary>What the server reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What the server writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts a server.</summary>
    /// <exception cref="McpServerStartException">It cannot be started.</exception>
    public static ServerProcess Start(string command, IReadOnlyList<string> arguments)
    {
        var path = CommandPath.Find(command)
            ?? throw new McpServerStartException($"The server's command '{command}' was not found in PATH.", McpServerStartException.NotFound);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            return new ServerProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            var exitCode = File.Exists(path) || Directory.Exists(path) ? McpServerStartException.NotRunnable : McpServerStartException.NotFound;
            throw new McpServerStartException($"The server's command '{path}' cannot be started: {e.Message}", exitCode, e);
        }
    }

    /// <summary>Waits for the server's end.</summary>
    /// <returns>Its exit code; 128 and the signal's number if a signal killed it.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Kills the server.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _process.Dispose();
    }

    // We end when the server does: whether and when it heeds the signal is its affair. On Windows the console tells the server itself.
    private void PassOn(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!OperatingSystem.IsWindows() && !_process.HasExited)
            _ = kill(_process.Id, Number(context.Signal));
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);
}
