using System.Globalization;
using ToolTrail.Testing;
using ToolTrail.Torture.Oracle;

namespace ToolTrail.Torture.Processes;

/// <summary>A process that records one record after the other (tests/ToolTrail.Driver), and is asked how it goes in between.</summary>
internal sealed class Asker : IAsyncDisposable
{
    private static int _count;
    private readonly Driver _driver;
    private readonly TrailUnderTest _trail;
    private readonly string _name = $"a{Interlocked.Increment(ref _count)}";
    private int _sent;

    private Asker(Driver driver, TrailUnderTest trail)
    {
        _driver = driver;
        _trail = trail;
    }

    /// <summary>Background records that it took.</summary>
    public long Queued { get; private set; }

    /// <summary>What the last caller of a record that could not be written was told.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Starts it.</summary>
    /// <param name="trail">Where it records.</param>
    /// <param name="under">A command that starts it; none: it is started itself.</param>
    public static Asker Start(TrailUnderTest trail, params ReadOnlySpan<string> under) => new(Driver.Start(trail.Home, under), trail);

    /// <summary>A new id.</summary>
    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"{_name}-{_sent++}");

    /// <summary>Records durably, and notes it if that was acknowledged.</summary>
    /// <returns>Whether it was.</returns>
    public async Task<bool> RecordAsync(string id, string user = "ann")
    {
        var answer = await _driver.AskAsync($"d {user} {id}");
        if (answer != $"ok {id}")
        {
            LastFailure = answer;
            return false;
        }

        _trail.Acknowledge(id);
        return true;
    }

    /// <summary>Records in the background.</summary>
    public async Task QueueAsync(string user = "ann")
    {
        var id = NewId();
        var answer = await _driver.AskAsync($"b {user} {id}b");
        if (answer != $"ok {id}b")
            throw new InvalidOperationException($"A Background record failed: {answer}");
        Queued++;
    }

    /// <summary>How recording goes.</summary>
    public async Task<DriverHealth> HealthAsync()
    {
        var words = (await _driver.AskAsync("health")).Split(' ');
        return new DriverHealth(bool.Parse(words[1]), Number(words[2]), Number(words[3]));
    }

    /// <summary>Waits until everything is on disk.</summary>
    /// <returns>Whether it is.</returns>
    public async Task<bool> FlushAsync() => await _driver.AskAsync("flush") == "ok flush";

    /// <summary>Waits until recording works again by itself, at most 10 s.</summary>
    /// <returns>Whether it does.</returns>
    public async Task<bool> RecoversAsync()
    {
        for (var looks = 0; looks < 200; looks++)
        {
            if (!(await HealthAsync()).Degraded)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return false;
    }

    /// <summary>Kills it.</summary>
    public void Kill() => _driver.Kill();

    /// <summary>Ends it in good order.</summary>
    public Task<ToolRun> FinishAsync() => _driver.FinishAsync();

    public ValueTask DisposeAsync() => _driver.DisposeAsync();

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
