using System.Text;
using CsCheck;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Testing;
using ToolTrail.Witnessing;

namespace ToolTrail.Tests.Witnessing;

/// <summary>Whatever a witness answers, the client gives a right cosignature or a <see cref="WitnessException"/>.</summary>
public sealed class HostileWitnessTests : IAsyncDisposable
{
    private const string Size = "text/x.tlog.size";

    private readonly SealLog _log = new();
    private readonly SignedNote _head;
    private readonly HttpClient _http = WitnessClient.NewHttp();
    private readonly TestWitness _witness;
    private readonly WitnessClient _client;

    public HostileWitnessTests()
    {
        _head = _log.Append(7);
        _witness = new TestWitness("witness.example/w1", _log.Key);
        _client = new WitnessClient(_http, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _witness.DisposeAsync();
        _log.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("cosigned")]
    [InlineData("cosigned\n")]
    [InlineData("\u2014 witness.example/w1 AAAA\n")]
    [InlineData("\u2014 witness.example/w1 \n")]
    [InlineData("\u2014 \u001b[31m AAAAAAA=\n")]
    [InlineData("{right}{right}\n")]
    [InlineData("{right}and more")]
    [InlineData("{other}")]
    [InlineData("{right}{other}")]
    [InlineData("\n\n{right}")]
    [InlineData("8\n\n{of8}")]
    public async Task Cosign_AnswerWithoutARightCosignature_IsRefused(string answer)
    {
        // A right one, one of another text, and one of the head with the answer's beginning added to it.
        var text = answer
            .Replace("{right}", CosigningKey.Line(_witness.Cosign(_head.Text)), StringComparison.Ordinal)
            .Replace("{other}", CosigningKey.Line(_witness.Cosign("other\n")), StringComparison.Ordinal)
            .Replace("{of8}", CosigningKey.Line(_witness.Cosign(_head.Text + "\n8\n")), StringComparison.Ordinal);
        var failure = await FailsAsync(new TestWitnessAnswer(200, null, Encoding.UTF8.GetBytes(text)));
        Assert.Contains("integrity.witnesses", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_AnswerThatIsNoUtf8_IsRefused() => await FailsAsync(new TestWitnessAnswer(200, null, [0xe2, 0x80, 0x94, 0x20, 0xff, 0x0a]));

    [Theory]
    [InlineData("text/plain", "3\n")]
    [InlineData(null, "3\n")]
    [InlineData(Size, "")]
    [InlineData(Size, "\n")]
    [InlineData(Size, "3")]
    [InlineData(Size, "3\r\n")]
    [InlineData(Size, "03\n")]
    [InlineData(Size, "-3\n")]
    [InlineData(Size, " 3\n")]
    [InlineData(Size, "3\n4\n")]
    [InlineData(Size, "9223372036854775808\n")]
    [InlineData(Size, "0\n")]
    public async Task Cosign_ConflictWithoutAnotherSize_IsRefused(string? mediaType, string size)
    {
        var failure = await FailsAsync(new TestWitnessAnswer(409, mediaType, Encoding.UTF8.GetBytes(size)));
        Assert.Contains("does not say which other size", failure.Message, StringComparison.Ordinal);
        Assert.Single(_witness.Requests);
    }

    [Theory]
    [InlineData(Size + "; charset=utf-8")]
    [InlineData("Text/X.tlog.Size")]
    public async Task Cosign_ConflictWithItsTypeSpelledOtherwise_IsUnderstood(string mediaType)
    {
        _witness.Instead = body => body.StartsWith("old 0", StringComparison.Ordinal) ? new TestWitnessAnswer(409, mediaType, "3\n"u8.ToArray()) : TestWitnessAnswer.Of(422, "");
        var alarm = await Assert.ThrowsAsync<WitnessException>(() => CosignAsync(_witness.Url));
        Assert.True(alarm.IsAlarm);
        Assert.StartsWith("old 3\n", _witness.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_AnotherSizeEachTime_IsAskedTwice()
    {
        var size = 0;
        _witness.Instead = _ => new TestWitnessAnswer(409, Size, Encoding.UTF8.GetBytes($"{++size}\n"));
        var failure = await Assert.ThrowsAsync<WitnessException>(() => CosignAsync(_witness.Url));
        Assert.False(failure.IsAlarm);
        Assert.Contains("by somebody else at the same time", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, size);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(999)]
    public async Task Cosign_AnyOtherStatus_IsAFailureAndNoAlarm(int status) => await FailsAsync(new TestWitnessAnswer(status, "text/plain", []));

    [Fact]
    public async Task Cosign_Refusal_IsShownAsPlainText()
    {
        var failure = await FailsAsync(TestWitnessAnswer.Of(400, "go \u001b[31maway\r\n\u202e" + new string('x', 1000)));
        Assert.Contains("status 400: 'go  [31maway", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WitnessClient.MostBytes, "no cosignatures")]
    [InlineData(WitnessClient.MostBytes + 1, "more than 64 KiB")]
    public async Task Cosign_LargeAnswer_IsReadUpToABound(int length, string expected)
    {
        var failure = await FailsAsync(new TestWitnessAnswer(200, null, new byte[length]));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cosign_AnswerWithoutEnd_IsNotReadToItsEnd()
    {
        var end = new TaskCompletionSource();
        await FailsAsync(new TestWitnessAnswer(200, null, new byte[1_000_000]) { BeforeTheEnd = end.Task });
        end.SetResult();
    }

    [Fact]
    public async Task Cosign_AnyBody_IsRefused() => await Gen.Byte.Array[0, 300].SampleAsync(
        async bytes => await FailsAsync(new TestWitnessAnswer(200, null, bytes)), iter: 100, threads: 1);

    [Fact]
    public async Task Cosign_AnyChangeOfARightAnswer_IsRefusedOrARightOne()
    {
        var right = Encoding.UTF8.GetBytes(CosigningKey.Line(_witness.Cosign(_head.Text)));
        var gen = from place in Gen.Int[0, right.Length - 1]
                  from value in Gen.Byte
                  select (place, value);
        await gen.SampleAsync(
            async t =>
            {
                var bytes = right.ToArray();
                bytes[t.place] = t.value;
                _witness.Instead = _ => new TestWitnessAnswer(200, null, bytes);
                if (bytes.AsSpan().SequenceEqual(right))
                    Assert.NotNull(await CosignAsync(_witness.Url));
                else
                    await Assert.ThrowsAsync<WitnessException>(() => CosignAsync(_witness.Url));
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\u001b[31m\r\n\r\n")]
    [InlineData("HTTP/1.1 200 \u001b[31mOK\u0007\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n\u2014 ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: \u001b;;=\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n")]
    [InlineData("HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size;;\r\nContent-Length: 2\r\n\r\n3\n")]
    [InlineData("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate \u0001\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n\u2014 ")]
    public async Task Cosign_AnythingButHttp_IsRefused(string bytes) => await FailsAsync(TestWitnessAnswer.OfRaw(Encoding.UTF8.GetBytes(bytes)));

    [Fact]
    public async Task Cosign_AnyBytes_AreRefused() => await Gen.Byte.Array[0, 300].SampleAsync(
        async bytes =>
        {
            await FailsAsync(TestWitnessAnswer.OfRaw(bytes));
            await FailsAsync(TestWitnessAnswer.OfRaw([.. "HTTP/1.1 200 OK\r\n"u8, .. bytes]));
            await FailsAsync(TestWitnessAnswer.OfRaw([.. "HTTP/1.1 200 OK\r\n\r\n"u8, .. bytes]));
        },
        iter: 100,
        threads: 1);

    private Task<NoteSignature> CosignAsync(Uri url) => _client.CosignAsync(
        new WitnessSettings { Url = url, Key = _witness.Key }, _head, 0, (start, end) => _log.Log.Subtree(7, start, end), TestContext.Current.CancellationToken);

    private async Task<WitnessException> FailsAsync(TestWitnessAnswer answer)
    {
        _witness.Instead = _ => answer;
        var failure = await Assert.ThrowsAsync<WitnessException>(() => CosignAsync(_witness.Url));
        Assert.False(failure.IsAlarm);
        Assert.All(failure.Message, c => Assert.InRange(c, ' ', '~'));
        return failure;
    }
}
