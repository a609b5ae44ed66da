using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Recording;

public sealed class ToolCallRecorderTests : IDisposable
{
    private readonly RecordingHome _trail = new();

    public void Dispose() => _trail.Dispose();

    [Fact]
    public async Task CompleteAsync_Outcome_IsOneLineWithADuration()
    {
        await using (var recorder = _trail.Recorder())
        {
            var call = await recorder.BeginAsync(RecordingHome.Call() with { Agent = "a", Source = "test" }, Cancel);
            Assert.Null(call.Denial);
            await call.CompleteAsync(ToolCallOutcome.Failed(new ToolCallError("T", "broken"), "half"), Cancel);
            await call.CompleteAsync(ToolCallOutcome.Ok("late"), Cancel);
        }

        var line = Assert.Single(_trail.Lines());
        Assert.Equal(("error", "half", "a", "test"), (Text(line, "status"), Text(line, "result_snippet"), Text(line, "agent"), Text(line, "source")));
        Assert.Equal("""{"type":"T","message":"broken"}""", Text(line, "error"));
        Assert.True(line.GetProperty("duration_ms").GetDouble() >= 0);
        Assert.Equal(7, Guid.Parse(Text(line, "id")!).Version);
    }

    [Fact]
    public async Task RecordAsync_ManyThreads_GivesEachRecordAnIdOfItsOwn()
    {
        await using (var recorder = _trail.Recorder())
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 1000; i++)
                    await recorder.RecordAsync(RecordingHome.Call() with { Status = ToolCallStatus.Ok }, cancellationToken: Cancel);
            })));
        }

        var ids = _trail.Lines().Select(line => Guid.Parse(Text(line, "id")!)).ToHashSet();
        Assert.Equal(4000, ids.Count);
        Assert.All(ids, id => Assert.Equal((7, true), (id.Version, id.Variant is >= 8 and <= 0xB)));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(ids.First().ToString("n")[..12], 16));
        Assert.InRange(now, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task BeginAsync_ArgumentsThatChangeAfterwards_AreRecordedAsTheyWere()
    {
        await using (var recorder = _trail.Recorder())
        {
            var arguments = """{"path":"before"}"""u8.ToArray();
            var call = await recorder.BeginAsync(RecordingHome.Call() with { Arguments = arguments }, Cancel);
            arguments.AsSpan().Fill((byte)'x');
            await call.CompleteAsync(ToolCallOutcome.Ok("done"), Cancel);
        }

        Assert.Equal("""{"path":"before"}""", Text(Assert.Single(_trail.Lines()), "args"));
    }

    [Fact]
    public async Task BeginAsync_WriteAhead_HasTheStartOnDiskBeforeTheToolRuns()
    {
        var settings = new TrailSettings { Delivery = new DeliverySettings { Rules = [new DeliveryRule { Tool = "deploy*", Mode = DeliveryMode.WriteAhead }] } };
        await using var recorder = _trail.Recorder(settings);
        var call = await recorder.BeginAsync(RecordingHome.Call(tool: "deploy_all"), Cancel);
        Assert.Equal(["deploy_all started"], _trail.Summary());
        await call.CompleteAsync(ToolCallOutcome.Ok("done"), Cancel);
        Assert.Equal(["deploy_all started", "deploy_all ok"], _trail.Summary());
        Assert.Single(_trail.Lines().Select(line => Text(line, "id")).Distinct());
    }

    [Fact]
    public async Task CompleteAsync_Durable_IsInTheFileWhenItReturns()
    {
        await using var recorder = _trail.Recorder(new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.Durable } });
        await (await recorder.BeginAsync(RecordingHome.Call(), Cancel)).CompleteAsync(ToolCallOutcome.Ok("done"), Cancel);
        Assert.Equal(["read_file ok"], _trail.Summary());
    }

    [Fact]
    public async Task DeliveryRules_MostSpecificGlob_Wins()
    {
        var settings = new TrailSettings
        {
            Delivery = new DeliverySettings
            {
                Rules =
                [
                    new DeliveryRule { Tool = "*", Mode = DeliveryMode.WriteAhead },
                    new DeliveryRule { Tool = "read_*", Mode = DeliveryMode.Background },
                    new DeliveryRule { Tool = "read_secret", Mode = DeliveryMode.WriteAhead },
                ],
            },
        };
        await using var recorder = _trail.Recorder(settings);
        foreach (var tool in new[] { "write", "read_file", "read_secret" })
            await recorder.BeginAsync(RecordingHome.Call(tool: tool), Cancel);
        Assert.Equal(["write started", "read_secret started"], _trail.Summary());
    }

    [Fact]
    public async Task Policy_FirstMatchingRule_Decides()
    {
        var settings = new TrailSettings
        {
            Policy =
            [
                new PolicyRule { Name = "readers", Effect = PolicyEffect.Allow, Tool = "read_*", User = "a*" },
                new PolicyRule { Name = "no-files", Effect = PolicyEffect.Deny, Server = "files", Reason = "ask first" },
                new PolicyRule { Name = "never", Effect = PolicyEffect.Deny, Agent = "rogue" },
            ],
        };
        await using (var recorder = _trail.Recorder(settings))
        {
            var call = RecordingHome.Call() with { Server = "files" };
            Assert.Null((await recorder.BeginAsync(call, Cancel)).Denial);
            Assert.Null((await recorder.BeginAsync(call with { Server = "other", Tool = "write" }, Cancel)).Denial);
            Assert.Equal("never", (await recorder.BeginAsync(call with { Server = "other", Tool = "write", Agent = "rogue" }, Cancel)).Denial!.Rule);
            var denied = await recorder.BeginAsync(call with { Tool = "write" }, Cancel);
            Assert.Equal(new ToolCallDenial("no-files", "ask first"), denied.Denial);
            await denied.CompleteAsync(ToolCallOutcome.Ok("it ran all the same"), Cancel);
        }

        Assert.Equal(["write denied never", "write denied no-files"], _trail.Lines().Select(line => $"{Text(line, "tool")} {Text(line, "status")} {Text(line, "reason")}"));
    }

    [Fact]
    public async Task RunAsync_EachWayToEnd_IsRecordedAndRethrown()
    {
        await using (var recorder = _trail.Recorder(new TrailSettings { Policy = [new PolicyRule { Name = "no", Effect = PolicyEffect.Deny, Tool = "forbidden" }] }))
        {
            Assert.Equal(5, await recorder.RunAsync(RecordingHome.Call(tool: "fine"), _ => Task.FromResult(5), cancellationToken: Cancel));
            Assert.Equal("text", await recorder.RunAsync(RecordingHome.Call(tool: "described"), _ => Task.FromResult("text"), text => ToolResult.FromJson("\"json\""u8.ToArray()), Cancel));
            await EndsIn<InvalidOperationException>(recorder, "broken", new InvalidOperationException("boom"));
            await EndsIn<OperationCanceledException>(recorder, "given up", new OperationCanceledException("enough"));
            await EndsIn<TimeoutException>(recorder, "slow", new TimeoutException("too slow"));
            await EndsIn<TaskCanceledException>(recorder, "slow http", new TaskCanceledException("late", new TimeoutException()));
            await EndsIn<UnauthorizedAccessException>(recorder, "not yours", new UnauthorizedAccessException("not yours"));
            await EndsIn<ToolCallDeniedException>(recorder, "forbidden", new InvalidOperationException("it ran all the same"));
        }

        Assert.Equal(
            ["fine ok", "described ok", "broken error", "given up cancelled", "slow timeout", "slow http timeout", "not yours denied", "forbidden denied"],
            _trail.Summary());
        Assert.Equal("json", Text(_trail.Lines()[1], "result_snippet"));
        Assert.Equal("""{"type":"System.InvalidOperationException","message":"boom"}""", Text(_trail.Lines()[2], "error"));
        Assert.Equal("no", Text(_trail.Lines()[7], "reason"));
    }

    [Fact]
    public async Task RecordAsync_WithinAnActivity_CarriesItsIds()
    {
        using var activity = new Activity("agent").SetIdFormat(ActivityIdFormat.W3C).Start();
        await using (var recorder = _trail.Recorder())
        {
            await recorder.RecordAsync(RecordingHome.Call(), cancellationToken: Cancel);
            await recorder.RecordAsync(RecordingHome.Call() with { TraceId = new string('1', 32) }, cancellationToken: Cancel);
        }

        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (Text(_trail.Lines()[0], "trace_id"), Text(_trail.Lines()[0], "span_id")));
        Assert.Equal((new string('1', 32), null), (Text(_trail.Lines()[1], "trace_id"), Text(_trail.Lines()[1], "span_id")));
    }

    [Fact]
    public async Task RecordAsync_ReservedNamesAndTheFuture_AreRefused()
    {
        await using var recorder = _trail.Recorder();
        foreach (var record in new[] { RecordingHome.Call(user: "tooltrail"), RecordingHome.Call(tool: "tooltrail.gap"), RecordingHome.Call(time: TimeProvider.System.GetUtcNow().AddMinutes(6)) })
            await Assert.ThrowsAsync<RecordRefusedException>(() => recorder.RecordAsync(record, cancellationToken: Cancel).AsTask());
        await Assert.ThrowsAsync<RecordRefusedException>(() => recorder.BeginAsync(RecordingHome.Call(user: "tooltrail"), Cancel).AsTask());
        await recorder.RecordOwnAsync(OwnLines.Administration, ToolCallStatus.Ok, """{"by":"root"}"""u8.ToArray(), DeliveryMode.Durable, Cancel);
        Assert.Equal(["tooltrail.admin ok"], _trail.Summary(OwnLines.User));
        Assert.Empty(_trail.Lines());
    }

    [Theory]
    [InlineData(FailurePolicy.Continue)]
    [InlineData(FailurePolicy.Refuse)]
    public async Task ALineThatNobodyWaitsForAnyMore_IsCountedWhereItIsLost(FailurePolicy onFailure)
    {
        // A file where the user's folder has to be.
        await File.WriteAllTextAsync(Path.Combine(_trail.Home.Path, "ann"), "", Cancel);
        await using var recorder = _trail.Recorder(new TrailSettings { Delivery = new DeliverySettings { Mode = DeliveryMode.Durable, OnFailure = onFailure } });
        using var givenUp = new CancellationTokenSource();
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recorder.RecordAsync(RecordingHome.Call() with { Status = ToolCallStatus.Ok }, cancellationToken: givenUp.Token).AsTask());
        await Eventually.HoldsAsync("the loss is counted", () => Task.FromResult(recorder.Health.Lost == 1));
    }

    [Fact]
    public async Task RunAsync_AResultThatCannotBeDescribed_IsRecordedAndReturned()
    {
        await using (var recorder = _trail.Recorder())
        {
            Assert.Equal(3, await recorder.RunAsync(RecordingHome.Call(tool: "a"), _ => Task.FromResult(3), _ => throw new FormatException("no words"), Cancel));
            var mute = new Mute();
            Assert.Same(mute, await recorder.RunAsync(RecordingHome.Call(tool: "b"), _ => Task.FromResult(mute), cancellationToken: Cancel));
        }

        Assert.Equal(["a ok", "b ok"], _trail.Summary());
    }

    [Fact]
    public async Task ACallOfAReservedName_IsRecordedUnderAnother()
    {
        await using (var recorder = _trail.Recorder())
            Assert.Equal(3, await recorder.RunAsync(RecordingHome.Call(tool: OwnLines.Gap), _ => Task.FromResult(3), cancellationToken: Cancel));
        Assert.Equal(["_tooltrail.gap ok"], _trail.Summary());
    }

    [Fact]
    public async Task RecordAsync_SameIdAgain_IsStoredOnceAlsoByAnother()
    {
        var start = RecordingHome.Call(id: "call-1");
        var outcome = start with { Status = ToolCallStatus.Ok };
        await using (var recorder = _trail.Recorder())
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => recorder.RecordAsync(outcome, DeliveryMode.Durable, Cancel).AsTask()));
            await recorder.RecordAsync(start, DeliveryMode.Durable, Cancel);
            await using var other = _trail.Recorder();
            await other.RecordAsync(outcome, DeliveryMode.Durable, Cancel);
            await other.RecordAsync(RecordingHome.Call(id: "call-2"), DeliveryMode.Durable, Cancel);
            await recorder.RecordAsync(RecordingHome.Call(id: "call-2"), DeliveryMode.Durable, Cancel);
        }

        await using (var later = _trail.Recorder())
            await later.RecordAsync(outcome, DeliveryMode.Durable, Cancel);
        Assert.Equal(["call-1 ok", "call-1 started", "call-2 started"], _trail.Lines().Select(line => $"{Text(line, "id")} {Text(line, "status")}"));
    }

    [Fact]
    public async Task RecordAsync_OverMidnightUnderLoad_PutsEachRecordIntoItsDay()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 23, 59, 59, 900, TimeSpan.Zero));
        await using (var recorder = _trail.Recorder(time: time))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    if (producer == 0 && i % 5 == 0)
                        time.Advance(TimeSpan.FromMilliseconds(2));
                    await recorder.RecordAsync(RecordingHome.Call(tool: $"p{producer}-{i}"), i % 50 == 0 ? DeliveryMode.Durable : DeliveryMode.Background, Cancel);
                }
            })));
        }

        Assert.Equal(["2026-11-23.jsonl", "2026-11-24.jsonl"], _trail.Files().Select(Path.GetFileName));
        Assert.Equal(2000, _trail.Lines().Select(line => Text(line, "tool")).Distinct().Count());
        Assert.Equal(2000, _trail.Lines().Count);
        foreach (var file in _trail.Files())
            Assert.All(File.ReadAllLines(file), line => Assert.StartsWith($$"""{"ts":"{{Path.GetFileNameWithoutExtension(file)}}T""", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RecordAsync_LateRecordInAHomeOfAnotherZone_GoesToItsLocalDay()
    {
        using var trail = new RecordingHome(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        await using (var recorder = trail.Recorder())
            await recorder.RecordAsync(RecordingHome.Call(time: DateTimeOffset.Parse("2026-03-01T20:00:00Z", CultureInfo.InvariantCulture)), cancellationToken: Cancel);
        Assert.Equal(["2026-03-02.jsonl"], trail.Files().Select(Path.GetFileName));
        Assert.Equal("2026-03-01T20:00:00.000Z", Text(Assert.Single(trail.Lines()), "ts"));
    }

    [Fact]
    public async Task RecordAsync_ManyDaysAtOnce_KeepsTheOrderWithinEach()
    {
        await using (var recorder = _trail.Recorder())
        {
            var first = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => recorder.RecordAsync(RecordingHome.Call(tool: $"{i:000}", time: first.AddDays(i % 10)), DeliveryMode.Durable, Cancel).AsTask()));
        }

        Assert.Equal(10, _trail.Files().Count);
        foreach (var file in _trail.Files())
        {
            var tools = File.ReadAllLines(file).Select(line => RecordCodec.Decode(System.Text.Encoding.UTF8.GetBytes(line), TimeZoneInfo.Utc)!.Tool).ToList();
            Assert.Equal(30, tools.Count);
            Assert.Equal(tools.Order(StringComparer.Ordinal), tools);
        }
    }

    [Fact]
    public async Task FlushAsync_BackgroundRecordsOfManyUsers_AreInTheirFilesThen()
    {
        await using var recorder = _trail.Recorder();
        for (var i = 0; i < 400; i++)
            await recorder.RecordAsync(RecordingHome.Call(user: $"u{i}"), cancellationToken: Cancel);
        await recorder.FlushAsync(Cancel);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Single(_trail.Lines($"u{i}")));
        Assert.Equal(400, recorder.Health.Recorded);
        Assert.False(recorder.Health.Degraded);
    }

    [Fact]
    public async Task DisposeAsync_BackgroundRecords_AreWrittenAndTheMarkIsGone()
    {
        var recorder = _trail.Recorder();
        for (var i = 0; i < 10_000; i++)
            await recorder.RecordAsync(RecordingHome.Call(), cancellationToken: Cancel);
        Assert.Single(Directory.EnumerateFiles(_trail.SystemPath("running")));
        await recorder.DisposeAsync();
        Assert.Equal(10_000, _trail.Lines().Count);
        Assert.Empty(Directory.EnumerateFiles(_trail.SystemPath("running")));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string? Text(System.Text.Json.JsonElement line, string name) => RecordingHome.Text(line, name);

    private sealed class Mute
    {
        public override string ToString() => throw new InvalidOperationException("no words");
    }

    private static Task<T> EndsIn<T>(ToolCallRecorder recorder, string tool, Exception e)
        where T : Exception =>
        Assert.ThrowsAsync<T>(() => recorder.RunAsync<int>(RecordingHome.Call(tool: tool), _ => throw e, cancellationToken: Cancel));
}
