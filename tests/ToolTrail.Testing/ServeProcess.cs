using System.Net.Http.Headers;
using System.Text;

namespace ToolTrail.Testing;

/// <summary><c>tooltrail serve</c> as a process, which has printed its welcome.</summary>
public sealed class ServeProcess : IAsyncDisposable
{
    private const string LastLine = "Ctrl-C ends the server.";
    private readonly ToolProcess _process;

    private ServeProcess(ToolProcess process, string welcome)
    {
        _process = process;
        Welcome = welcome;
    }

    /// <summary>What it printed until it served.</summary>
    public string Welcome { get; }

    /// <summary>Most memory that it had at once, in MiB.</summary>
    public long PeakMiB => _process.PeakMiB;

    /// <summary>Starts it, by default on a free port, and waits until it serves.</summary>
    public static Task<ServeProcess> StartAsync(
        string homePath, string urls = "http://127.0.0.1:0", IReadOnlyDictionary<string, string?>? environment = null, params string[] options) =>
        WelcomedAsync(ToolProcess.Start(["serve", "--home", homePath, "--urls", urls, .. options], environment: environment));

    /// <summary>Starts it with a terminal as its standard output.</summary>
    public static Task<ServeProcess> StartOnTerminalAsync(string homePath) => WelcomedAsync(ToolProcess.StartProgram(
        "script", ["-qfec", $"exec '{ToolProcess.Path}' serve --home '{homePath}' --urls http://127.0.0.1:0", "/dev/null"]));

    /// <summary>A client of it.</summary>
    /// <param name="key">Its key; <c>null</c>: the one that the first start left in the home.</param>
    /// <param name="homePath">The home.</param>
    public HttpClient Client(string homePath, string? key = null)
    {
        var address = Welcome.Split('\n').Select(line => line.Trim()).First(line => line.Contains(" on http://", StringComparison.Ordinal));
        return new HttpClient
        {
            BaseAddress = new Uri(address[address.LastIndexOf("http://", StringComparison.Ordinal)..]),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key ?? FirstKey(homePath)) },
        };
    }

    /// <summary>The key that the first start left in the home.</summary>
    public static string FirstKey(string homePath) => File.ReadAllText(FirstKeyPath(homePath)).Trim();

    /// <summary>Where it left it.</summary>
    public static string FirstKeyPath(string homePath) => Path.Combine(homePath, ".tooltrail", "first-admin-key");

    /// <summary>Sends a signal and waits for the end.</summary>
    public Task<ToolRun> EndAsync(string signal)
    {
        _process.Signal(signal);
        return _process.FinishAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<ServeProcess> WelcomedAsync(ToolProcess process)
    {
        var welcome = new StringBuilder();
        while (await process.ReadLineAsync() is { } line)
        {
            welcome.Append(line).Append('\n');
            if (line.Trim() == LastLine)
                return new ServeProcess(process, welcome.ToString());
        }

        var run = await process.FinishAsync();
        await process.DisposeAsync();
        throw new InvalidOperationException($"The server ended ({run.ExitCode}): {welcome}{run.Errors}");
    }
}
