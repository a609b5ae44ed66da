using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>How each way in which a call of Gemini CLI ends is recorded: the real program, and a model that calls what it is told to.</summary>
[Capture("Gemini CLI hooks")]
public sealed class RealGeminiCliTests
{
    /// <summary>Says "begun", which its command does not, and then nothing.</summary>
    private static readonly object Waits = new { command = "echo be''gun; sleep 60" };

    [Fact]
    [Ending("ok")]
    [Ending("tool threw")]
    [Ending("tool answered an error")]
    [Ending("denied by policy")]
    [Ending("unknown tool")]
    public async Task AConversation_IsRecordedCallByCall()
    {
        await using var host = new RealGeminiCli();
        host.Configure("""{"policy":[{"name":"no-writes","effect":"deny","tool":"write_file","reason":"Ask a person."}]}""");
        await host.RunAsync(
        [
            [("read_file", new { file_path = host.PathOf("a.txt") })],
            [("read_file", new { file_path = host.PathOf("missing.txt") })],
            [("write_file", new { file_path = host.PathOf("b.txt"), content = "x" })],
            [("no_such_tool", new { a = 1 })],
        ]);
        var ended = host.Records.Where(record => record.Status != ToolCallStatus.Started).ToList();
        Assert.Equal(
            [("read_file", "ok"), ("read_file", "error"), ("write_file", "denied"), ("no_such_tool", "error")], ended.Select(record => (record.Tool, record.Status.Value)));
        Assert.Equal(("hello\n", "no-writes", "unknown_tool"), (ended[0].ResultSnippet, ended[2].Reason, ended[3].Error?.Type));
        Assert.True(ended[0].DurationMs > 0);
        Assert.False(File.Exists(host.PathOf("b.txt")));
    }

    [Fact]
    [Ending("rejected by a person")]
    public async Task WhatAPersonDoesNotConfirm_IsCancelled_OnceTheSessionGoesOn()
    {
        await using var host = new RealGeminiCli("default");
        await host.RunAsync(
            [[("write_file", new { file_path = host.PathOf("b.txt"), content = "x" })]],
            [("Allow once", "\e"), ("Request cancelled", "\x03"), ("Press Ctrl+C again", "\x03")]);
        Assert.Equal(["write_file started", "write_file cancelled"], host.Records.Select(record => $"{record.Tool} {record.Status}"));
        Assert.False(File.Exists(host.PathOf("b.txt")));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task WhatAPersonInterrupts_IsCancelled()
    {
        await using var host = new RealGeminiCli();
        await host.RunAsync([[("run_shell_command", Waits)]], [("begun", "\e"), ("Request cancelled", "\x03"), ("Press Ctrl+C again", "\x03")]);
        Assert.Equal(["run_shell_command started", "run_shell_command cancelled"], host.Records.Select(record => $"{record.Tool} {record.Status}"));
    }

    [Fact]
    [Ending("timed out")]
    public async Task ACommandThatIsSilentTooLong_IsATimeout()
    {
        await using var host = new RealGeminiCli(shellSeconds: 1);
        await host.RunAsync([[("run_shell_command", Waits)]]);
        Assert.Equal(["run_shell_command started", "run_shell_command timeout"], host.Records.Select(record => $"{record.Tool} {record.Status}"));
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task AHostThatIsKilled_LeavesItsCallOpen()
    {
        await using var host = new RealGeminiCli();
        await using (var process = await host.StartAsync([[("run_shell_command", Waits)]]))
        {
            await Eventually.HoldsAsync("the call has begun", () => Task.FromResult(host.Records.Count > 0));
            process.Kill();
        }

        Assert.Equal(ToolCallStatus.Started, Assert.Single(host.Records).Status);
    }
}
