using System.Text.RegularExpressions;
using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>What the README shows is what happens.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Readme = File.ReadAllText(SourceTree.PathOf("README.md"));

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ProxyBeforeServerFilesystem_LeavesTheTrailThatIsShown()
    {
        // npx finds the server that ./test installed.
        Directory.CreateSymbolicLink(Path.Combine(_home.Folder, "node_modules"), SourceTree.PathOf("tests", "peers", "node_modules"));
        Directory.CreateDirectory(Path.Combine(_home.Folder, "notes"));
        File.WriteAllText(Path.Combine(_home.Folder, "notes", "todo.txt"), "buy milk\n");

        await using (var proxy = _home.StartShell(Assert.Single(Regex.Matches(Readme, "^tooltrail proxy .*$", RegexOptions.Multiline)).Value))
        {
            await CallAsync(proxy, 0, "initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"claude-ai","version":"1.0"}}""");
            await proxy.Input.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
            await CallAsync(proxy, 1, "tools/call", """{"name":"list_directory","arguments":{"path":"."}}""");
            await CallAsync(proxy, 2, "tools/call", """{"name":"read_text_file","arguments":{"path":"todo.txt"}}""");
            await CallAsync(proxy, 3, "tools/call", """{"name":"read_text_file","arguments":{"path":"/etc/passwd"}}""");
            Assert.Equal(0, (await proxy.FinishAsync()).ExitCode);
        }

        var shown = Regex.Matches(Readme, "^```console\n\\$ (?<command>.+)\n(?<output>[^`]*)```$", RegexOptions.Multiline);
        Assert.Equal(2, shown.Count);
        foreach (Match console in shown)
        {
            var run = await _home.RunShellAsync(console.Groups["command"].Value);
            Assert.Equal(Normalize(console.Groups["output"].Value), Normalize(run.Output));
        }
    }

    [Fact]
    public async Task FirstCommand_StartsTheTool()
    {
        var command = Regex.Match(Readme, "^(?<run>dotnet run --project src/ToolTrail.Cli) -- serve", RegexOptions.Multiline).Groups["run"].Value;
        await using var shell = ToolProcess.StartProgram("bash", ["-c", $"{command} -c Release --no-build -- serve --help"], SourceTree.Root);
        var run = await shell.FinishAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("tooltrail serve [options]", run.Output, StringComparison.Ordinal);
    }

    private static async Task CallAsync(ToolProcess proxy, int id, string method, string parameters)
    {
        await proxy.Input.WriteLineAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        for (string? line = null; line is null || !line.Contains($"\"id\":{id}", StringComparison.Ordinal);)
        {
            line = await proxy.ReadLineAsync();
            Assert.NotNull(line);
        }
    }

    // What differs from run to run: the test's folder, times, durations, ids; and with them the columns' widths.
    private string Normalize(string text)
    {
        text = text.Replace(_home.Folder, "/data", StringComparison.Ordinal);
        text = Regex.Replace(text, @"\d{4}-\d\d-\d\d[T ][\d:.]+Z", "TIME");
        text = Regex.Replace(text, @"[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
        text = Regex.Replace(text, "\"duration_ms\":[0-9.]+", "\"duration_ms\":MS");
        text = Regex.Replace(text, @"  \d+(\.\d)?  ", "  MS  ");
        return Blanks().Replace(text, " ").Trim();
    }

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
