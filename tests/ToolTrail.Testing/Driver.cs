namespace ToolTrail.Testing;

/// <summary>A process that records what it is told (tests/ToolTrail.Driver), perhaps under a program that makes its system calls fail.</summary>
public sealed class Driver : IAsyncDisposable
{
    private readonly ToolProcess _process;

    private Driver(ToolProcess process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="home">The home that it records to.</param>
    /// <param name="under">A command that starts it, e.g. <c>strace …</c>; none: it is started itself.</param>
    public static Driver Start(string home, params ReadOnlySpan<string> under)
    {
        var program = ToolProcess.Path.Replace("ToolTrail.Cli", "ToolTrail.Driver", StringComparison.Ordinal).Replace("tooltrail", "ToolTrail.Driver", StringComparison.Ordinal);
        return new Driver(under.IsEmpty
            ? ToolProcess.StartProgram(program, [home])
            : ToolProcess.StartProgram(under[0], [.. under[1..], program, home]));
    }

    /// <summary>Gives a command and waits for its answer; the only one that is under way.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command);
        return await ReadAsync() ?? throw new InvalidOperationException("The driver ended: " + (await _process.FinishAsync()).Errors);
    }

    /// <summary>Gives commands.</summary>
    public async Task SendAsync(params IEnumerable<string> commands)
    {
        await _process.Input.WriteAsync(string.Concat(commands.Select(command => command + "\n")));
        await _process.Input.FlushAsync();
    }

    /// <summary>The next answer; <c>null</c> when it has ended.</summary>
    /// <param name="within">How long it may take; <c>null</c>: a minute.</param>
    public Task<string?> ReadAsync(TimeSpan? within = null) => _process.ReadLineAsync(within);

    /// <summary>Kills it, and the command that started it, so that it can do nothing more.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Lets it end in good order.</summary>
    public Task<ToolRun> FinishAsync() => _process.FinishAsync();

    /// <summary>The same, while somebody else reads its answers.</summary>
    /// <param name="within">How long it may take; <c>null</c>: a minute.</param>
    /// <returns>Its exit code.</returns>
    public Task<int> EndAsync(TimeSpan? within = null)
    {
        _process.Input.Close();
        return _process.WaitForExitAsync(within);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
