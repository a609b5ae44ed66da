using System.Text.Json;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>
/// A real command-line agent, connected by <c>tooltrail connect</c> as a user would, in a home folder of its own. Its model is a program that calls the tools that
/// a test says.
/// </summary>
internal abstract class RealHost : IAsyncDisposable
{
    private readonly TestHome _home = new();
    private ToolProcess? _model;

    protected RealHost()
    {
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(UserHome);
        File.WriteAllText(PathOf("a.txt"), "hello\n");
    }

    /// <summary>Where the npm packages of the hosts are, which <c>./test</c> installs.</summary>
    protected static string Packages { get; } = SourceTree.PathOf("tests", "hosts", "node_modules");

    /// <summary>The user's home folder, where the host's settings are.</summary>
    protected string UserHome => _home.Beside("user");

    /// <summary>The trail's records so far, of the user of the system.</summary>
    public List<ToolCallRecord> Records => _home.Records(Environment.UserName);

    private string Work => _home.Beside("work");

    /// <summary>A path in the folder that the agent works in.</summary>
    public string PathOf(string name) => Path.Combine(Work, name);

    /// <summary>Writes the trail's configuration.</summary>
    public void Configure(string json) => _home.Configure(json);

    /// <summary>The call's records, each once: the outcome, or the start while there is none.</summary>
    public ToolCallRecord CallOf(string callId) => Records.Last(record => record.CallId == callId);

    /// <summary>Starts the host on a model.</summary>
    /// <param name="turns">The tools that it calls: a list of turns, each a list of calls.</param>
    /// <param name="steps">Texts to wait for and keys to type then; <c>null</c>: there is no terminal, and nobody to ask.</param>
    public async Task<ToolProcess> StartAsync((string Name, object Input)[][] turns, (string Text, string Keys)[]? steps = null)
    {
        var calls = turns.Select(turn => turn.Select(call => new Dictionary<string, object> { ["name"] = call.Name, ["input"] = call.Input }));
        _model = ToolProcess.StartProgram("node", [SourceTree.PathOf("tests", "hosts", "model.mjs"), JsonSerializer.Serialize(calls)]);
        var model = (await _model.ReadLineAsync())!;
        var environment = new Dictionary<string, string?>(EnvironmentOf(model)) { ["HOME"] = UserHome, ["XDG_CONFIG_HOME"] = null, ["TERM"] = "xterm-256color" };
        var connect = await ToolProcess.RunAsync(["connect", Name, "--home", _home.Path], environment: environment);
        Assert.Equal((0, ""), (connect.ExitCode, connect.Errors));
        var command = CommandOf(hasTerminal: steps is not null);
        if (steps is not null)
            command = ["python3", SourceTree.PathOf("tests", "hosts", "terminal.py"), JsonSerializer.Serialize(steps.Select(step => new[] { step.Text, step.Keys })), .. command];
        return ToolProcess.StartProgram(command[0], command[1..], Work, environment);
    }

    /// <summary>Runs the host to its end.</summary>
    public async Task RunAsync((string Name, object Input)[][] turns, (string Text, string Keys)[]? steps = null)
    {
        await using var host = await StartAsync(turns, steps);
        var run = await host.FinishAsync();
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_model is not null)
            await _model.DisposeAsync();
        _home.Dispose();
    }

    /// <summary>What <c>tooltrail connect</c> calls it.</summary>
    protected abstract string Name { get; }

    /// <summary>What it is started with.</summary>
    protected abstract IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(string model);

    /// <summary>Its command.</summary>
    protected abstract string[] CommandOf(bool hasTerminal);
}
