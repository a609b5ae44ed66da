using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Show_PrintsEachValueAndItsSource()
    {
        Write("""{ "delivery": { "mode": "Durable" } }""");
        var environment = new Dictionary<string, string?> { ["TOOLTRAIL__SERVER__URLS"] = "http://127.0.0.1:9999" };
        var run = await ToolProcess.RunAsync(["config", "show", "--home", _home.Path], environment: environment);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Approved.Verify("config-show", _home.Normalize(run.Output));
    }

    [Fact]
    public async Task Show_Json_PrintsOneObject()
    {
        var run = await _home.RunAsync("config", "show", "--json");
        Approved.Verify("config-show-json", run.Output);
    }

    [Fact]
    public async Task Path_IsInTheHome()
    {
        var run = await _home.RunAsync("config", "path");
        Assert.Equal("{home}/.tooltrail/config.json\n", _home.Normalize(run.Output));
    }

    [Fact]
    public async Task Validate_BadFile_SaysLineAndReasonAndExitsWith2()
    {
        Write("{\n  \"delivery\": { \"mode\": \"Sometimes\" }\n}\n");
        var run = await _home.RunAsync("config", "validate");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Approved.Verify("config-invalid", _home.Normalize(run.Errors));
    }

    [Fact]
    public async Task Validate_GoodFileAndNone_SaySo()
    {
        Assert.Equal("There is no {home}/.tooltrail/config.json: the defaults hold.\n", _home.Normalize((await _home.RunAsync("config", "validate")).Output));
        Write("{}");
        Assert.Equal("{home}/.tooltrail/config.json is valid.\n", _home.Normalize((await _home.RunAsync("config", "validate")).Output));
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.Combine(_home.Path, ".tooltrail"));
        File.WriteAllText(Path.Combine(_home.Path, ".tooltrail", "config.json"), text);
    }
}
