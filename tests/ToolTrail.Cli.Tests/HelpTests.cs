using ToolTrail.Testing;

namespace ToolTrail.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("proxy")]
    [InlineData("recent")]
    [InlineData("tail")]
    [InlineData("stats")]
    [InlineData("connect")]
    [InlineData("disconnect")]
    [InlineData("hook")]
    [InlineData("record")]
    [InlineData("serve")]
    [InlineData("mcp")]
    [InlineData("verify")]
    [InlineData("head")]
    [InlineData("prove")]
    [InlineData("verify-proof")]
    [InlineData("erase")]
    [InlineData("keys")]
    [InlineData("policy")]
    [InlineData("config")]
    [InlineData("doctor")]
    public async Task Help_OfACommand_HasOptionsAndExamples(string command)
    {
        var run = await ToolProcess.RunAsync([command, "--help"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("--home", run.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Approved.Verify($"help-{command}", run.Output);
    }

    [Fact]
    public async Task ACommandThatThereIsNot_IsNamed_AndNothingElse()
    {
        var run = await ToolProcess.RunAsync(["serv"]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal("tooltrail: Unrecognized command or argument 'serv'.\nSee 'tooltrail --help'.\n", run.Errors);
    }

    [Fact]
    public async Task Nothing_Typed_ShowsWhatThereIs()
    {
        var run = await ToolProcess.RunAsync([]);
        Assert.Equal((2, ""), (run.ExitCode, run.Errors));
        Approved.Verify("help", run.Output);
    }
}
