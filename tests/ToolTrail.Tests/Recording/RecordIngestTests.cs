using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Testing;

namespace ToolTrail.Tests.Recording;

/// <summary>What is taken, refused and told, and when.</summary>
public sealed class RecordIngestTests : IAsyncDisposable
{
    private readonly Ingest _ingest = new(new TrailSettings { Retention = new() { Days = 30 } });

    public ValueTask DisposeAsync() => _ingest.DisposeAsync();

    [Fact]
    public async Task Ingest_Record_IsRedactedCutAndStoredUnderItsUser()
    {
        var summary = await _ingest.Take(Ingest.Call("t", "bob", ",\"args\":{\"password\":\"p4ssw0rd\"},\"result\":{\"a\":[1]},\"id\":\"i\",\"custom\":7"));
        Assert.Equal(new IngestSummary(1, 0, 0), summary);
        var line = Assert.Single(_ingest.Lines("bob"));
        Assert.Equal("[redacted]", line.GetProperty("args").GetProperty("password").GetString());
        Assert.Equal("""{"a":[1]}""", line.GetProperty("result_snippet").GetString());
        Assert.Equal(("i", 7), (line.GetProperty("id").GetString(), line.GetProperty("custom").GetInt32()));
    }

    [Fact]
    public async Task Ingest_DefaultSource_IsSetWhereThereIsNone()
    {
        await _ingest.Take(Ingest.Call("a") + "\n" + Ingest.Call("b", more: ",\"source\":\"own\""), new IngestOptions { DefaultSource = "http" });
        Assert.Equal(["http", "own"], _ingest.Lines().Select(line => line.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Ingest_UsersThatTheWriterMayNotWriteFor_AreRefused()
    {
        await _ingest.Take(
            string.Join('\n', Ingest.Call("t"), Ingest.Call("t", "bob"), Ingest.Call("t", "cid")), new IngestOptions { MayWriteFor = user => user is "ann" or "cid" });
        Assert.Equal([1L, 3L], _ingest.Stored);
        Assert.Contains("'bob'", Assert.Single(_ingest.Refused, refusal => refusal is { Line: 2, Failed: false }).Error, StringComparison.Ordinal);
        Assert.Empty(_ingest.Lines("bob"));
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(6, "minutes ahead")]
    [InlineData(-29 * 24 * 60, null)]
    [InlineData(-31 * 24 * 60, "retention of 30 days")]
    public async Task Ingest_TimeStamp_IsKeptUnlessAheadOrOlderThanTheRetention(int minutes, string? refusal)
    {
        var time = TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        await _ingest.Take(Ingest.Call("t", more: $",\"ts\":\"{time}\""));
        if (refusal is null)
            Assert.Equal(time, Assert.Single(_ingest.Lines()).GetProperty("ts").GetString());
        else
            Assert.Contains(refusal, Assert.Single(_ingest.Refused).Error, StringComparison.Ordinal);
        Assert.Equal(refusal is null ? 1 : 0, _ingest.Stored.Count);
    }

    [Fact]
    public async Task Ingest_SameIdAgain_IsAcknowledgedAndStoredOnce()
    {
        var input = Ingest.Call("t", more: ",\"ts\":\"2020-01-02T10:00:00Z\",\"id\":\"same\"");
        await using var ingest = new Ingest();
        Assert.Equal(new IngestSummary(2, 0, 0), await ingest.Take(input + "\n" + input));
        Assert.Equal(new IngestSummary(1, 0, 0), await ingest.Take($"[{input}]"));
        Assert.Single(ingest.Lines());
    }

    [Fact]
    public async Task Ingest_ManyRecords_AreToldInOrderEachOnceOnDisk()
    {
        const int Count = 5000;
        var told = new List<long>();
        var missing = 0;
        var input = string.Join('\n', Enumerable.Range(1, Count).Select(i => i % 1000 == 0 ? "bad" : Ingest.Call($"t{i}", $"user{i % 3}")));
        var options = new IngestOptions
        {
            Stored = line =>
            {
                told.Add(line);
                // Looked at now and then: is the line in its file when it is told?
                if (line % 500 == 1 && !_ingest.Tools($"user{line % 3}").Contains($"t{line}"))
                    missing++;
            },
            Refused = refusal => told.Add(refusal.Line),
        };
        var summary = await RecordIngest.IngestAsync(PipeReader.Create(new(Encoding.UTF8.GetBytes(input))), _ingest.Recorder, options, TestContext.Current.CancellationToken);
        Assert.Equal(new IngestSummary(Count - 5, 5, 0), summary);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), told);
        Assert.Equal(0, missing);
        Assert.Equal(Count - 5, Enumerable.Range(0, 3).Sum(i => _ingest.Lines($"user{i}").Count));
    }

    [Fact]
    public async Task Ingest_InputThatWaits_IsToldBeforeItGoesOn()
    {
        var pipe = new Pipe();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = TestContext.Current.CancellationToken;
        var taking = RecordIngest.IngestAsync(pipe.Reader, _ingest.Recorder, new IngestOptions { Stored = _ => told.TrySetResult() }, token);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Ingest.Call("t") + "\n"), token);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
        await pipe.Writer.CompleteAsync();
        Assert.Equal(1, (await taking).Stored);
    }

    [Fact]
    public async Task Ingest_InputThatBreaksOff_TellsWhatIsStoredAndThrows()
    {
        static IEnumerable<byte[]> Parts()
        {
            yield return Encoding.UTF8.GetBytes(Ingest.Call("a") + "\n" + Ingest.Call("b") + "\n{\"user\"");
            throw new IOException("connection lost");
        }

        await Assert.ThrowsAsync<IOException>(() => _ingest.Take(PipeReader.Create(new SlowStream(Parts()))));
        Assert.Equal([1L, 2L], _ingest.Stored);
        Assert.Empty(_ingest.Refused);
        Assert.Equal(["a", "b"], _ingest.Tools());
    }

    [Fact]
    public async Task Ingest_Cancelled_KeepsWhatWasTold()
    {
        using var cancel = new CancellationTokenSource();
        var pipe = new Pipe();
        var told = new List<long>();
        var options = new IngestOptions
        {
            Stored = line =>
            {
                told.Add(line);
                cancel.Cancel();
            },
        };
        var taking = RecordIngest.IngestAsync(pipe.Reader, _ingest.Recorder, options, cancel.Token);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Ingest.Call("a") + "\n"), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.Equal([1L], told);
        Assert.Equal(["a"], _ingest.Tools());
    }

    [Fact]
    public async Task Ingest_ListenerThatFails_EndsTheIngestWithItsReason()
    {
        var input = string.Join('\n', Enumerable.Repeat(Ingest.Call("t"), 5000));
        var options = new IngestOptions { Stored = _ => throw new InvalidOperationException("nobody listens") };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RecordIngest.IngestAsync(
            PipeReader.Create(new(Encoding.UTF8.GetBytes(input))), _ingest.Recorder, options, TestContext.Current.CancellationToken));
        Assert.Equal("nobody listens", error.Message);
    }

    [Fact]
    public async Task Ingest_UserWhoseFolderCannotBeMade_FailsAndTheOthersAreStored()
    {
        File.WriteAllText(Path.Combine(_ingest.Home.Path, "bob"), "in the way");
        var summary = await _ingest.Take(string.Join('\n', Ingest.Call("t", "bob"), Ingest.Call("t"), "bad"));
        Assert.Equal(new IngestSummary(1, 2, 1), summary);
        Assert.Equal([(1L, true), (3L, false)], _ingest.Refused.Select(refusal => (refusal.Line, refusal.Failed)));
        Assert.Equal([2L], _ingest.Stored);
    }

    [Fact]
    public async Task Ingest_WithinARequestsTrace_DoesNotTakeItForTheCalls()
    {
        using var request = new Activity("POST").SetIdFormat(ActivityIdFormat.W3C).Start();
        await _ingest.Take(Ingest.Call("t"));
        Assert.False(Assert.Single(_ingest.Lines()).TryGetProperty("trace_id", out _));
        Assert.Same(request, Activity.Current);
    }
}
