using ToolTrail.Server.Access;
using ToolTrail.Server.Tests.Support;

namespace ToolTrail.Server.Tests.Samples;

/// <summary>The samples that send to a server do what they say.</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData("python3", "", "record.py", "FileNotFoundError")]
    [InlineData("node", "tests/peers/node_modules/tsx/dist/cli.mjs", "record.mts", "RangeError")]
    public async Task TwoCalls_AreTwoRecords(string command, string runner, string sample, string errorType)
    {
        await using var server = await TestServer.StartAsync();
        string[] arguments = runner.Length > 0 ? [SourceTree.PathOf(runner.Split('/'))] : [];
        await using var program = ToolProcess.StartProgram(command, [.. arguments, SourceTree.PathOf("samples", "http", sample)], environment: await WhereAsync(server));
        var run = await program.FinishAsync();
        Assert.Equal((0, "buy milk\nThere is no such note.\n", ""), (run.ExitCode, run.Output, run.Errors));

        var records = await server.RecordsAsync("ann");
        Assert.Equal([("read_note", "ok"), ("read_note", "error")], records.Select(record => (record.Tool, record.Status.Value)));
        Assert.Equal(("buy milk", errorType, sample), (records[0].ResultSnippet, records[1].Error?.Type, records[0].Source));
    }

    [Fact]
    public async Task CurlLineOfTheDocument_StoresItsRecord()
    {
        await using var server = await TestServer.StartAsync();
        var where = await WhereAsync(server);
        var line = File.ReadLines(SourceTree.PathOf("docs", "hosts", "http.md")).First(line => line.StartsWith("curl ", StringComparison.Ordinal))
            .Replace("http://127.0.0.1:5280", where["TOOLTRAIL_URL"], StringComparison.Ordinal)
            .Replace("tt_…", where["TOOLTRAIL_KEY"], StringComparison.Ordinal);
        await using var shell = ToolProcess.StartProgram("bash", ["-c", $"{line} --silent"]);
        var run = await shell.FinishAsync();
        Assert.Equal((0, """{"stored":1,"refused":[]}""", ""), (run.ExitCode, run.Output, run.Errors));

        var record = Assert.Single(await server.RecordsAsync("ann"));
        Assert.Equal(("deploy", "ok", "done"), (record.Tool, record.Status.Value, record.ResultSnippet));
    }

    [Fact]
    public async Task SpansOfAnInstrumentedProgram_AreRecords()
    {
        await using var server = await TestServer.StartAsync();
        await using var program = ToolProcess.StartProgram(BuiltProgram.PathOf("OpenTelemetry", "OpenTelemetrySample"), [], environment: await WhereAsync(server));
        var run = await program.FinishAsync();
        Assert.Equal((0, "Your list says: buy milk\n", ""), (run.ExitCode, run.Output, run.Errors));

        var records = await server.RecordsAsync("ann");
        // The library makes no span of a tool that there is not, DeleteNote.
        Assert.Equal([("ReadNote", "ok", "buy milk", "otlp")], records.Select(record => (record.Tool, record.Status.Value, record.ResultSnippet!, record.Source!)));
    }

    private static async Task<Dictionary<string, string?>> WhereAsync(TestServer server) => new()
    {
        ["TOOLTRAIL_URL"] = server.Address.ToString().TrimEnd('/'),
        ["TOOLTRAIL_KEY"] = await server.KeyAsync(Role.Producer, "ann"),
    };
}
