using System.Collections.Concurrent;
using System.Globalization;
using ToolTrail.Testing;
using ToolTrail.Torture.Oracle;

namespace ToolTrail.Torture.Processes;

/// <summary>
/// A process that records under load (tests/ToolTrail.Driver): many records on their way at a time, and every acknowledgement noted here.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    /// <summary>Whose records they are.</summary>
    public static readonly string[] Users = ["ann", "bob", "cy"];

    // An orderly end takes some thirty syncs, and on a slow disk each takes its time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static int _count;

    private readonly Driver _driver;
    private readonly TrailUnderTest _trail;
    private readonly WriterLoad _load;
    private readonly SemaphoreSlim _window;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly string _name = $"w{Interlocked.Increment(ref _count)}";
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _queued = new();
    private List<string>? _flushing;
    private Task _sending = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<string>? _asked;
    private long _acknowledged;
    private long _failed;

    private Writer(Driver driver, TrailUnderTest trail, WriterLoad load)
    {
        _driver = driver;
        _trail = trail;
        _load = load;
        _window = new SemaphoreSlim(load.InFlight);
    }

    /// <summary>Records that it said are on disk.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Background records that it took.</summary>
    public long Queued { get; private set; }

    /// <summary>Records whose callers were told that they could not be written.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>What the last of these callers was told.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Ends with the first answer.</summary>
    public Task FirstAnswer => _firstAnswer.Task;

    /// <summary>Starts a writer and its load.</summary>
    /// <param name="trail">Where it records.</param>
    /// <param name="load">What.</param>
    /// <param name="under">A command that starts it; none: it is started itself.</param>
    public static Writer Start(TrailUnderTest trail, WriterLoad load, params ReadOnlySpan<string> under)
    {
        var writer = new Writer(Driver.Start(trail.Home, under), trail, load);
        writer._sending = Task.Run(writer.SendAsync);
        writer._reading = Task.Run(writer.ReadAsync);
        return writer;
    }

    /// <summary>Opens a trail, records one line, and closes it in good order, as a restart after a fault does.</summary>
    /// <returns>What it printed to standard error.</returns>
    public static async Task<string> RestartAsync(TrailUnderTest trail)
    {
        var id = $"r{Interlocked.Increment(ref _count)}";
        await using var driver = Driver.Start(trail.Home);
        var answer = await driver.AskAsync($"d ann {id}");
        if (answer != $"ok {id}")
            throw new InvalidOperationException($"Nothing can be recorded after the fault: {answer}");
        trail.Acknowledge(id);
        var run = await driver.FinishAsync();
        return run.ExitCode == 0 ? run.Errors : throw new InvalidOperationException($"The driver ended with {run.ExitCode}: {run.Errors}");
    }

    /// <summary>Ends the load, and waits until everything is answered.</summary>
    public async Task QuietAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        for (var i = 0; i < _load.InFlight; i++)
            await _window.WaitAsync(TimeSpan.FromMinutes(1));
        _window.Release(_load.InFlight);
    }

    /// <summary>Sends another command amid the load; one at a time.</summary>
    /// <returns>Its answer.</returns>
    public async Task<string> AskAsync(string command)
    {
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _asked, asked);
        await SendLineAsync(command);
        return await asked.Task;
    }

    /// <summary>Kills it, and notes everything that it said before.</summary>
    public async Task KillAsync()
    {
        _driver.Kill();
        await StopAsync();
    }

    /// <summary>Ends the load, and then the process in good order.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> FinishAsync()
    {
        await QuietAsync();
        var run = await _driver.EndAsync(Patience);
        await _reading;
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _driver.DisposeAsync();
        await Task.WhenAll(_sending, _reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _window.Dispose();
        _turn.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        await _sending;
    }

    private async Task SendAsync()
    {
        try
        {
            for (var number = 0; !_stop.IsCancellationRequested; number++)
            {
                await _window.WaitAsync(_stop.Token);
                await SendLineAsync(Next(number));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Told to stop, or the process is gone.
        }
    }

    private async Task SendLineAsync(string line)
    {
        await _turn.WaitAsync();
        try
        {
            await _driver.SendAsync(line);
        }
        finally
        {
            _turn.Release();
        }
    }

    private string Next(int number)
    {
        // What was queued before the flush is on disk when it is answered.
        if (_load.Flushes && number % 500 == 499 && Volatile.Read(ref _flushing) is null)
        {
            Volatile.Write(ref _flushing, [.. _queued]);
            for (var i = _flushing.Count; i > 0; i--)
                _queued.TryDequeue(out _);
            return "flush";
        }

        var kind = _load.BackgroundOf > 0 && number % _load.BackgroundOf == 0 ? 'b' : 'd';
        return string.Create(CultureInfo.InvariantCulture, $"{kind} {Users[number % Users.Length]} {_name}-{number}{(kind == 'b' ? "b" : "")}");
    }

    private async Task ReadAsync()
    {
        while (await _driver.ReadAsync(Patience) is { } answer)
        {
            _firstAnswer.TrySetResult();
            var words = answer.Split(' ', 3);
            if (words is ["health" or "waited", ..] or ["ok", "clock"])
            {
                Volatile.Read(ref _asked)!.SetResult(answer);
                continue;
            }

            if (words[0] != "ok")
                LastFailure = answer;
            Note(words[0] == "ok", words[1]);
            _window.Release();
        }

        _firstAnswer.TrySetResult();
        Volatile.Read(ref _asked)?.TrySetException(new IOException("The driver ended."));
    }

    private void Note(bool ok, string id)
    {
        if (id == "flush")
        {
            if (ok && _load.TrustsFlush)
                _flushing!.ForEach(_trail.Acknowledge);
            Volatile.Write(ref _flushing, null);
        }
        else if (!ok)
        {
            Interlocked.Increment(ref _failed);
        }
        else if (id.EndsWith('b'))
        {
            Queued++;
            _queued.Enqueue(id);
        }
        else
        {
            Interlocked.Increment(ref _acknowledged);
            _trail.Acknowledge(id);
        }
    }
}
