using ToolTrail.Records;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>One conversation with Claude Code without a terminal, for all tests that look at it.</summary>
public sealed class ClaudeCodeConversation : IAsyncLifetime
{
    private readonly RealClaudeCode _host = new();

    /// <summary>The record of the call of a turn, from 0.</summary>
    public ToolCallRecord this[int turn] => _host.CallOf($"toolu_{turn}_0");

    /// <summary>All records of all calls.</summary>
    public IReadOnlyList<ToolCallRecord> Records => _host.Records;

    public async ValueTask InitializeAsync()
    {
        _host.Configure("""{"policy":[{"name":"no-writes","effect":"deny","tool":"Write","reason":"Ask a person."}]}""");
        await _host.RunAsync(
        [
            [("Read", new { file_path = _host.PathOf("a.txt") })],
            [("Read", new { file_path = _host.PathOf("missing.txt") })],
            [("Bash", new { command = "exit 3" })],
            [("Write", new { file_path = _host.PathOf("b.txt"), content = "x" })],
            [("Bash", new { command = "rm a.txt" })],
            [("WebFetch", new { url = "http://127.0.0.1/", prompt = "x" })],
            [("NoSuchTool", new { a = 1 })],
            [("Bash", new { command = "python3 -c 'import time; time.sleep(60)'", timeout = 500 })],
        ]);
        Assert.True(File.Exists(_host.PathOf("a.txt")));
        Assert.False(File.Exists(_host.PathOf("b.txt")));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
