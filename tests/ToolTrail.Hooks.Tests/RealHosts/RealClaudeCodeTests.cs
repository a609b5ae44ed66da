using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Hooks.Tests.RealHosts;

/// <summary>How each way in which a call of Claude Code ends is recorded: the real program, and a model that calls what it is told to.</summary>
[Capture("Claude Code hooks")]
public sealed class RealClaudeCodeTests(ClaudeCodeConversation conversation) : IClassFixture<ClaudeCodeConversation>
{
    /// <summary>Writes, so that the host shows how many lines, and then waits.</summary>
    private static readonly object Waits = new { command = "python3 -c 'import time; print(1, flush=True); time.sleep(60)'" };

    [Fact]
    [Ending("ok")]
    public void ACall_IsOk_WithItsResultAndDuration()
    {
        var call = conversation[0];
        Assert.Equal(("Read", ToolCallStatus.Ok, "claude-code"), (call.Tool, call.Status, call.Source));
        Assert.Contains("hello", call.ResultSnippet, StringComparison.Ordinal);
        Assert.True(call.DurationMs > 0);
        Assert.NotNull(call.Session);
    }

    [Fact]
    [Ending("tool threw")]
    public void ATool_ThatCannot_IsAnError()
    {
        Assert.Equal(("Read", ToolCallStatus.Error), (conversation[1].Tool, conversation[1].Status));
        Assert.Contains("does not exist", conversation[1].Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Ending("tool answered an error")]
    public void ACommand_ThatFails_IsAnError()
    {
        Assert.Equal(("Bash", ToolCallStatus.Error), (conversation[2].Tool, conversation[2].Status));
        Assert.Contains("3", conversation[2].Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Ending("denied by policy")]
    public void OurPolicy_Denies_AndTheToolDoesNotRun()
    {
        Assert.Equal(("Write", ToolCallStatus.Denied, "no-writes"), (conversation[3].Tool, conversation[3].Status, conversation[3].Reason));
        Assert.Single(conversation.Records, record => record.Tool == "Write");
    }

    [Fact]
    [Ending("denied by policy")]
    public void TheHostsOwnRules_Deny()
    {
        Assert.Equal(("Bash", ToolCallStatus.Denied), (conversation[4].Tool, conversation[4].Status));
        Assert.Equal(("WebFetch", ToolCallStatus.Denied), (conversation[5].Tool, conversation[5].Status));
    }

    [Fact]
    [Ending("unknown tool")]
    public void AToolThatThereIsNot_IsAnError()
    {
        Assert.Equal(("NoSuchTool", ToolCallStatus.Error, "unknown_tool"), (conversation[6].Tool, conversation[6].Status, conversation[6].Error?.Type));
        Assert.Equal("""{"a":1}"""u8, conversation[6].Arguments.Span);
    }

    [Fact]
    [Ending("timed out")]
    public void ACommand_ThatTakesTooLong_IsATimeout() => Assert.Equal(("Bash", ToolCallStatus.Timeout), (conversation[7].Tool, conversation[7].Status));

    [Fact]
    public void EachCall_HasOneOutcome() =>
        Assert.All(conversation.Records.GroupBy(record => record.CallId), call => Assert.Single(call, record => record.Status != ToolCallStatus.Started));

    [Fact]
    [Ending("rejected by a person")]
    public async Task WhatAPersonRejects_IsDenied()
    {
        await using var host = new RealClaudeCode();
        await host.RunAsync([[("Write", new { file_path = host.PathOf("b.txt"), content = "x" })]], [("Do you want to", "\e"), ("Rejected", "\x03\x03")]);
        Assert.Equal((ToolCallStatus.Denied, "rejected by a person"), (host.CallOf("toolu_0_0").Status, host.CallOf("toolu_0_0").Reason));
        Assert.False(File.Exists(host.PathOf("b.txt")));
    }

    [Fact]
    [Ending("cancelled")]
    public async Task WhatAPersonInterrupts_IsCancelled()
    {
        await using var host = new RealClaudeCode();
        await host.RunAsync([[("Bash", Waits)]], [("lines)", "\e"), ("Interrupted", "\x03\x03")]);
        Assert.Equal(ToolCallStatus.Cancelled, host.CallOf("toolu_0_0").Status);
    }

    [Fact]
    [Ending("crashed in between")]
    public async Task AHostThatIsKilled_LeavesItsCallOpen()
    {
        await using var host = new RealClaudeCode();
        await using (var process = await host.StartAsync([[("Bash", Waits)]]))
        {
            await Eventually.HoldsAsync("the call has begun", () => Task.FromResult(host.Records.Count > 0));
            process.Kill();
        }

        Assert.Equal(ToolCallStatus.Started, Assert.Single(host.Records).Status);
    }
}
