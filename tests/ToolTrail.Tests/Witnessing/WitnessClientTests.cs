using Microsoft.Extensions.Time.Testing;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Testing;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Witnessing;

/// <summary>The client against a witness that does what C2SP tlog-witness says.</summary>
public sealed class WitnessClientTests : IAsyncDisposable
{
    private readonly SealLog _log = new();
    private readonly HttpClient _http = WitnessClient.NewHttp();
    private readonly FakeTimeProvider _time = new();
    private readonly TestWitness _witness;
    private readonly WitnessClient _client;

    public WitnessClientTests()
    {
        _witness = new TestWitness("witness.example/w1", _log.Key);
        _client = new WitnessClient(_http, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _witness.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Cosign_FirstHead_IsSentWithoutProof()
    {
        var head = _log.Append(3);
        var cosigned = head.With(await CosignAsync(head, 0));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), _witness.Key.CosignedAt(cosigned));
        Assert.Equal(["old 0\n\n" + head], _witness.Requests);
    }

    [Fact]
    public async Task Cosign_GrownHead_IsSentWithTheProofThatItGoesOn()
    {
        var size = 0L;
        foreach (var more in new[] { 1, 1, 2, 3, 250, 1, 600 })
        {
            var head = _log.Append(more);
            Assert.NotNull(_witness.Key.CosignedAt(head.With(await CosignAsync(head, size))));
            size += more;
        }

        Assert.Equal(7, _witness.Requests.Count);
        Assert.StartsWith("old 258\n", _witness.Requests[6], StringComparison.Ordinal);
        Assert.All(_witness.Requests[6].Split('\n').Skip(1).TakeWhile(line => line.Length > 0), line => Assert.Equal(32, Convert.FromBase64String(line).Length));
    }

    [Fact]
    public async Task Cosign_SizeThatTheWitnessDoesNotHave_GoesOnFromTheOneThatItSays()
    {
        await CosignAsync(_log.Append(5), 0);
        var head = _log.Append(4);
        foreach (var wrong in new long[] { 0, 3, 9, 1000 })
        {
            Assert.NotNull(_witness.Key.CosignedAt(head.With(await CosignAsync(head, wrong))));
            _witness.Forget();
            await CosignAsync(head, 0);
        }

        Assert.StartsWith("old 5\n", _witness.Requests[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_WitnessThatForgot_BeginsAgain()
    {
        await CosignAsync(_log.Append(5), 0);
        _witness.Forget();
        var head = _log.Append(4);
        Assert.NotNull(_witness.Key.CosignedAt(head.With(await CosignAsync(head, 5))));
        Assert.Equal(["old 0", ""], _witness.Requests[2].Split('\n')[..2]);
    }

    [Fact]
    public async Task Cosign_LogThatWasRolledBack_IsAnAlarm()
    {
        var old = _log.Append(5);
        await CosignAsync(_log.Append(4), 0);
        foreach (var known in new long[] { 0, 5, 9 })
        {
            var alarm = await Assert.ThrowsAsync<WitnessException>(() => CosignAsync(old, known));
            Assert.True(alarm.IsAlarm);
            Assert.Equal(9, alarm.LargerSize);
            Assert.Contains("has cosigned 9 entries of 'home-1', and there are 5: the log was rolled back", alarm.Message, StringComparison.Ordinal);
            Assert.Contains($"'witness.example/w1' at {_witness.Url}", alarm.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(5, "with another root")]
    [InlineData(6, "do not begin with the 5 that it has cosigned")]
    [InlineData(300, "do not begin with the 5 that it has cosigned")]
    public async Task Cosign_ForkedLog_IsAnAlarm(int size, string expected)
    {
        await CosignAsync(_log.Append(5), 0);
        using var fork = _log.Fork();
        var head = fork.Append(size, "fork");
        foreach (var known in new long[] { 5, 0 })
        {
            var alarm = await Assert.ThrowsAsync<WitnessException>(() => _client.CosignAsync(Settings, head, known, (start, end) => fork.Log.Subtree(size, start, end), Cancellation));
            Assert.True(alarm.IsAlarm);
            Assert.Null(alarm.LargerSize);
            Assert.Contains(expected, alarm.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cosign_LogThatTheWitnessDoesNotKnow_SaysWhatToDo()
    {
        using var key = SigningKey.Create("home-2");
        using var stranger = SigningKey.Create(SealLog.Origin);
        var root = MerkleHash.Leaf([]);
        await FailsAsync(SignedNote.Sign(new Checkpoint("home-2", 1, root).ToString(), key), "does not know the log 'home-2'");
        await FailsAsync(SignedNote.Sign(new Checkpoint(SealLog.Origin, 1, root).ToString(), stranger), "does not know the key that signs 'home-1'. Give its operator");
    }

    [Fact]
    public async Task Cosign_KeyThatIsNotTheWitnesss_SaysSo()
    {
        using var other = new CosigningKey("witness.example/w1");
        var head = _log.Append(1);
        var failure = await Assert.ThrowsAsync<WitnessException>(
            () => _client.CosignAsync(Settings with { Key = other.Public }, head, 0, (_, _) => throw new InvalidOperationException(), Cancellation));
        Assert.False(failure.IsAlarm);
        Assert.Contains("no cosignature by the key that integrity.witnesses has for it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_UrlWithASlashAtItsEnd_IsTheSame()
    {
        var head = _log.Append(1);
        Assert.NotNull(await _client.CosignAsync(Settings with { Url = new Uri(_witness.Url + "/") }, head, 0, Subtree(1), Cancellation));
        await FailsAsync(head, "or is not at this address", Settings with { Url = new Uri(_witness.Url + "/elsewhere") });
    }

    [Fact]
    public async Task Cosign_NobodyThere_SaysSo()
    {
        var gone = new TestWitness("witness.example/w2");
        await gone.DisposeAsync();
        await FailsAsync(_log.Append(1), "cannot be reached", Settings with { Url = gone.Url });
    }

    [Fact]
    public async Task Cosign_Redirected_DoesNotFollow()
    {
        await using var other = new TestWitness("witness.example/w1", _log.Key);
        _witness.Instead = _ => TestWitnessAnswer.Of(307, "") with { Location = new Uri(other.Url + "/add-checkpoint") };
        await FailsAsync(_log.Append(1), "sends elsewhere");
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cosign_WitnessThatDoesNotComeToAnEnd_IsGivenUp(bool beginsToAnswer)
    {
        var (asked, end) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        _witness.Instead = _ =>
        {
            asked.SetResult();
            return TestWitnessAnswer.Of(200, beginsToAnswer ? "\u2014 " : "") with { BeforeTheEnd = end.Task };
        };
        var cosigning = CosignAsync(_log.Append(1), 0);
        await asked.Task;
        _time.Advance(WitnessClient.Patience);
        var failure = await Assert.ThrowsAsync<WitnessException>(() => cosigning);
        Assert.Contains("did not answer within 10 s", failure.Message, StringComparison.Ordinal);
        end.SetResult();
    }

    [Fact]
    public async Task Cosign_Cancelled_IsCancelled()
    {
        using var cancelling = new CancellationTokenSource();
        var end = new TaskCompletionSource();
        _witness.Instead = _ =>
        {
            cancelling.Cancel();
            return TestWitnessAnswer.Of(200, "") with { BeforeTheEnd = end.Task };
        };
        var head = _log.Append(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.CosignAsync(Settings, head, 0, Subtree(1), cancelling.Token));
        end.SetResult();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private WitnessSettings Settings => new() { Url = _witness.Url, Key = _witness.Key };

    private MerkleProof.Subtree Subtree(long size) => (start, end) => _log.Log.Subtree(size, start, end);

    private Task<NoteSignature> CosignAsync(SignedNote head, long cosigned) =>
        _client.CosignAsync(Settings, head, cosigned, Subtree(Checkpoint.Parse(head.Text).Size), Cancellation);

    private async Task FailsAsync(SignedNote head, string expected, WitnessSettings? settings = null)
    {
        var failure = await Assert.ThrowsAsync<WitnessException>(() => _client.CosignAsync(settings ?? Settings, head, 0, Subtree(1), Cancellation));
        Assert.False(failure.IsAlarm);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }
}
