using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Mcp.Tests.EndToEnd;

/// <summary>Real servers from npm, driven by the real TypeScript client, with and without the proxy between them.</summary>
[Capture("MCP proxy, stdio")]
public sealed class NpmPeersTests
{
    private static readonly string Peers = SourceTree.PathOf("tests", "peers");

    [Fact]
    [Ending("ok")]
    [Ending("tool answered an error")]
    [Ending("unknown tool")]
    [Ending("cancelled")]
    public async Task ServerEverything_BehindTheProxy_AnswersTheSame()
    {
        using var home = new ProxyHome();
        await SameWithAndWithoutAsync(home, "everything", "server-everything", "stdio");

        string[] calls =
        [
            "echo ok", "get-sum ok", "get-sum error", "no-such-tool error", "get-tiny-image ok", "get-structured-content ok", "get-annotated-message ok",
            "get-resource-links ok", "trigger-sampling-request ok", "trigger-elicitation-request ok", "trigger-long-running-operation ok",
            "trigger-long-running-operation cancelled", .. Enumerable.Repeat("get-sum ok", 8),
        ];
        Assert.Equal(calls, home.Outcomes());
        var records = home.Records();
        Assert.All(records, record => Assert.Equal(("peer-client", "mcp-proxy", records[0].Session), (record.Agent, record.Source, record.Session)));
        Assert.Equal("Echo: héllo \U0001F600 \u2028 \"quoted\"", records[0].ResultSnippet);
        Assert.Equal("tool_error", records[2].Error!.Type);
        Assert.Equal("enough", records[11].Error?.Message);
    }

    [Fact]
    public async Task ServerFilesystem_BehindTheProxy_AnswersTheSame()
    {
        using var home = new ProxyHome();
        await SameWithAndWithoutAsync(home, "filesystem", "server-filesystem", "{folder}");

        string[] calls =
        [
            "list_allowed_directories ok", "write_file ok", "read_text_file ok", "read_text_file ok", "edit_file ok", "create_directory ok",
            "list_directory ok", "directory_tree ok", "search_files ok", "move_file ok", "read_text_file error", "read_text_file error",
            "read_multiple_files ok", "write_file error",
        ];
        Assert.Equal(calls, home.Outcomes());
        var read = home.Records()[2];
        Assert.Equal(100_008, read.ResultChars);
        Assert.StartsWith("hmac-sha256:", read.ResultDigest, StringComparison.Ordinal);
    }

    [Fact]
    [Ending("timed out")]
    public async Task TimeLimit_OfTheClient_IsATimeout()
    {
        using var home = new ProxyHome();
        await DriveAsync("timeout", home.Folder, [ToolProcess.Path, .. home.Proxy("node", EntryOf("server-everything"), "stdio")]);
        var record = Assert.Single(home.Records());
        Assert.Equal(ToolCallStatus.Timeout, record.Status);
        Assert.Contains("timed out", record.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_OfServerEverything_EndsItsCallWithTheFetchedResult()
    {
        using var home = new ProxyHome();
        await DriveAsync("task", home.Folder, [ToolProcess.Path, .. home.Proxy("node", EntryOf("server-everything"), "stdio")]);
        var record = Assert.Single(home.Records());
        Assert.Equal(("simulate-research-query", ToolCallStatus.Ok), (record.Tool, record.Status));
        Assert.StartsWith("# Research Report: tea", record.ResultSnippet, StringComparison.Ordinal);
    }

    private static async Task SameWithAndWithoutAsync(ProxyHome home, string script, string server, string argument)
    {
        var folder = home.Folder;
        string[] command = ["node", EntryOf(server), argument.Replace("{folder}", folder, StringComparison.Ordinal)];
        var direct = await DriveAsync(script, folder, command);
        Assert.Equal(folder, home.Folder);
        var proxied = await DriveAsync(script, folder, [ToolProcess.Path, .. home.Proxy(command)]);
        Assert.Equal(direct.Split('\n'), proxied.Split('\n'));
    }

    private static async Task<string> DriveAsync(string script, string folder, string[] command)
    {
        await using var driver = ToolProcess.StartProgram("node", [Path.Combine(Peers, "drive.mjs"), script, folder, .. command]);
        var run = await driver.FinishAsync();
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.NotEmpty(run.Lines);
        return run.Output;
    }

    private static string EntryOf(string server)
    {
        var path = Path.Combine(Peers, "node_modules", "@modelcontextprotocol", server, "dist", "index.js");
        Assert.True(File.Exists(path), $"{path} is missing: './test' installs it, or 'npm ci' in tests/peers.");
        return path;
    }
}
