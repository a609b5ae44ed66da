using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

/// <summary>The samples do what they say.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task DispatchHook_RecordsHowEachCallEnded()
    {
        var run = await RunSampleAsync("DispatchHook");
        Assert.Equal(["read_file: buy milk", "read_file: FileNotFoundException", "format_disk: UnauthorizedAccessException", "slow_search: TimeoutException"], run.Lines);
        var trail = await _home.RunAsync("tail", "--json", "--user", "ann");
        Assert.Equal(["ok", "error", "denied", "timeout"], trail.Lines.Select(line => Json.Text(line, "status")));
        Assert.DoesNotContain("s3cret", trail.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstRecord_RecordsOneCall()
    {
        Assert.Equal("3\n", (await RunSampleAsync("FirstRecord")).Output);
        var line = Assert.Single((await _home.RunAsync("recent", "--json")).Lines);
        Assert.Equal(("add", "ok", "3"), (Json.Text(line, "tool"), Json.Text(line, "status"), Json.Text(line, "result_snippet")));
    }

    [Fact]
    public async Task RecordScript_StoresOneRecord()
    {
        var run = await _home.RunShellAsync($"TRAIL_USER=ann '{SourceTree.PathOf("samples", "record.sh")}'");
        Assert.Equal((0, "stored 1, refused 0\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal("uname", Json.Text(Assert.Single((await _home.RunAsync("recent", "--json", "--user", "ann")).Lines), "tool"));
    }

    private async Task<ToolRun> RunSampleAsync(string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(output.Parent!.Parent!.FullName, name, output.Name, name);
        await using var sample = ToolProcess.StartProgram(program, [], environment: new Dictionary<string, string?> { ["TOOLTRAIL_HOME"] = _home.Path });
        var run = await sample.FinishAsync();
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run;
    }
}
