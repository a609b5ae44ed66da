using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Tests.Recording;

/// <summary>How much of a call is recorded, by its tool.</summary>
public sealed class LevelTests : IDisposable
{
    private static readonly TrailSettings Settings = new()
    {
        Levels =
        [
            new LevelRule { Tool = "*", Level = RecordLevel.Arguments },
            new LevelRule { Tool = "read_*", Level = RecordLevel.Metadata },
            new LevelRule { Tool = "read_all", Level = RecordLevel.Full },
            new LevelRule { Tool = "ping", Level = RecordLevel.None },
        ],
    };

    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task Metadata_KeepsDigestsAndTheKindOfError_AndNoValue()
    {
        var line = await RecordAsync("read_mail", """{"box":"hunter2","token":"x"}""", ToolCallOutcome.Failed(new ToolCallError("IOException", "no hunter2"), "found hunter2"));
        Assert.DoesNotContain("hunter2", line.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("{}", "", "13", "error"), (Text(line, "args"), Text(line, "result_snippet"), Text(line, "result_chars"), Text(line, "status")));
        Assert.Equal("""{"type":"IOException"}""", Text(line, "error"));
        Assert.StartsWith("hmac-sha256:", Text(line, "args_digest"), StringComparison.Ordinal);
        Assert.StartsWith("hmac-sha256:", Text(line, "result_digest"), StringComparison.Ordinal);
        Assert.Null(Text(line, "redacted"));
    }

    [Fact]
    public async Task Metadata_HoldsNothingThatAnExceptionSays()
    {
        Exception[] endings =
        [
            new TimeoutException("hunter2"), new TaskCanceledException("hunter2", new TimeoutException("hunter2")), new OperationCanceledException("hunter2"),
            new UnauthorizedAccessException("hunter2"), new IOException("hunter2"),
        ];
        await using (var recorder = _trail.Recorder(Settings))
        {
            foreach (var ending in endings)
                await (await recorder.BeginAsync(RecordingHome.Call(tool: "read_mail"), Cancel)).CompleteAsync(ToolCallOutcome.Of(ending), Cancel);
        }

        var lines = _trail.Lines();
        Assert.Equal(["timeout", "timeout", "cancelled", "denied", "error"], lines.Select(line => Text(line, "status")!));
        Assert.All(lines, line => Assert.DoesNotContain("hunter2", line.GetRawText(), StringComparison.Ordinal));
        Assert.Equal("""{"type":"System.TimeoutException"}""", Text(lines[0], "error"));
    }

    [Fact]
    public async Task Metadata_ACallWithoutArgumentsAndResult_IsHeldWholeAndNeedsNoDigest()
    {
        var line = await RecordAsync("read_mail", "{}", ToolCallOutcome.Ok(""));
        Assert.Null(Text(line, "args_digest"));
        Assert.Null(Text(line, "result_digest"));
    }

    [Fact]
    public async Task Arguments_KeepsThemRedacted_AndNothingOfTheResult()
    {
        var line = await RecordAsync("write", """{"path":"a","token":"x"}""", ToolCallOutcome.Ok("the answer"));
        Assert.Equal("""{"path":"a","token":"[redacted]"}""", Text(line, "args"));
        Assert.Equal(("", "10", """["/args/token"]"""), (Text(line, "result_snippet"), Text(line, "result_chars"), Text(line, "redacted")));
        Assert.NotNull(Text(line, "result_digest"));
    }

    [Fact]
    public async Task Full_KeepsEverything()
    {
        var line = await RecordAsync("read_all", """{"path":"a"}""", ToolCallOutcome.Failed(new ToolCallError("T", "why"), "the answer"));
        Assert.Equal(("""{"path":"a"}""", "the answer"), (Text(line, "args"), Text(line, "result_snippet")));
        Assert.Equal("""{"type":"T","message":"why"}""", Text(line, "error"));
        Assert.Null(Text(line, "args_digest"));
    }

    [Fact]
    public async Task None_RunsAndIsNotRecorded_NotEvenAhead()
    {
        var settings = Settings with { Delivery = new DeliverySettings { Mode = DeliveryMode.WriteAhead } };
        await using (var recorder = _trail.Recorder(settings))
        {
            Assert.Equal(3, await recorder.RunAsync(RecordingHome.Call(tool: "ping"), _ => Task.FromResult(3), cancellationToken: Cancel));
            await recorder.RecordAsync(RecordingHome.Call(tool: "ping") with { Status = ToolCallStatus.Ok }, DeliveryMode.Durable, Cancel);
        }

        Assert.Empty(_trail.Lines());
    }

    [Fact]
    public async Task None_StillAsksThePolicy()
    {
        var settings = Settings with { Policy = [new PolicyRule { Name = "no pings", Effect = PolicyEffect.Deny, Tool = "ping" }] };
        await using var recorder = _trail.Recorder(settings);
        Assert.Equal("no pings", (await recorder.BeginAsync(RecordingHome.Call(tool: "ping"), Cancel)).Denial?.Rule);
    }

    [Fact]
    public async Task OwnLines_AreWhole_WhateverTheLevels()
    {
        await using (var recorder = _trail.Recorder(new TrailSettings { Levels = [new LevelRule { Tool = "*", Level = RecordLevel.None }] }))
            await recorder.RecordOwnAsync("tooltrail.admin", ToolCallStatus.Ok, """{"action":"x"}"""u8.ToArray(), cancellationToken: Cancel);
        Assert.Equal("""{"action":"x"}""", Text(Assert.Single(_trail.Lines("tooltrail")), "args"));
    }

    [Fact]
    public async Task Ingest_OfLevelNone_IsCountedAndTold_AndNotStored()
    {
        await using var ingest = new Ingest(Settings);
        var summary = await ingest.Take(
            """
            {"user":"ann","tool":"ping","status":"ok"}
            {"user":"ann","tool":"write","status":"ok","args":{"a":1},"result":"r"}
            """);
        Assert.Equal(new IngestSummary(1, 0, 0) { LeftOut = 1 }, summary);
        Assert.Equal(("2", "1"), (string.Join(' ', ingest.Stored), string.Join(' ', ingest.LeftOut)));
        Assert.Equal(["write"], ingest.Tools());
    }

    private async Task<System.Text.Json.JsonElement> RecordAsync(string tool, string arguments, ToolCallOutcome outcome)
    {
        await using (var recorder = _trail.Recorder(Settings))
        {
            var call = await recorder.BeginAsync(RecordingHome.Call(tool: tool) with { Arguments = System.Text.Encoding.UTF8.GetBytes(arguments) }, Cancel);
            await call.CompleteAsync(outcome, Cancel);
        }

        return Assert.Single(_trail.Lines());
    }

    private static string? Text(System.Text.Json.JsonElement line, string name) => RecordingHome.Text(line, name);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
