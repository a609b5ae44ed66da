using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests;

/// <summary>A home of a test's own, and a host that runs its hooks: each a process's work of its own, as in life.</summary>
internal sealed class Hooks(string host) : IDisposable
{
    private readonly TestHome _home = new();

    public TestHome Home => _home;

    public List<ToolCallRecord> Records => _home.Records();

    /// <summary>Runs a hook; it must go well.</summary>
    /// <returns>What it answers.</returns>
    public async Task<string> RunAsync(string hookEvent, string more)
    {
        var (exitCode, answer, errors) = await TryAsync(Input(hookEvent, more));
        Assert.Equal((HookCommand.Done, ""), (exitCode, errors));
        return answer;
    }

    /// <summary>Runs a hook on any input.</summary>
    public async Task<(int ExitCode, string Answer, string Errors)> TryAsync(string input)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var exitCode = await HookCommand.RunAsync(HookHost.Find(host)!, _home.Path, "ada", new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors);
        return (exitCode, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    /// <summary>What a host says in each of its hooks, and what it says in this one.</summary>
    public string Input(string hookEvent, string more)
    {
        var input = JsonNode.Parse($$"""{"session_id":"session-1","cwd":"/work","permission_mode":"default","hook_event_name":"{{hookEvent}}"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject().ToList())
            input[name] = value?.DeepClone();
        return input.ToJsonString();
    }

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    public void Dispose() => _home.Dispose();
}
