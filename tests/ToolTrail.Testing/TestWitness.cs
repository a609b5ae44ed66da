using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ToolTrail.Integrity;

namespace ToolTrail.Testing;

/// <summary>A witness as C2SP tlog-witness has it, on a port of its own on loopback: it checks what it is to check, and remembers what it cosigned.</summary>
public sealed class TestWitness : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, VerifierKey> _logs = [];
    private readonly Dictionary<string, Checkpoint> _seen = [];
    private readonly List<string> _requests = [];
    private readonly CosigningKey _key;
    private readonly CosigningKey _otherKey;

    public TestWitness(string name, params IEnumerable<VerifierKey> logs)
    {
        _key = new CosigningKey(name);
        _otherKey = new CosigningKey(name);
        foreach (var log in logs)
            _logs.Add(log.Name, log);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/witness");
        _serving = ServeAsync();
    }

    /// <summary>Its submission prefix.</summary>
    public Uri Url { get; }

    /// <summary>The key that it cosigns with.</summary>
    public WitnessKey Key => _key.Public;

    /// <summary>Its clock, in seconds since 1970: goes on by one with each cosignature.</summary>
    public ulong Time { get; private set; } = 1_800_000_000;

    /// <summary>Answers in its place; <c>null</c>: it answers itself.</summary>
    public Func<string, TestWitnessAnswer?>? Instead { get; set; }

    /// <summary>The bodies of all requests.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>Knows from now on no more than nothing.</summary>
    public void Forget()
    {
        lock (_gate)
            _seen.Clear();
    }

    /// <summary>What it answers to a request.</summary>
    public TestWitnessAnswer AddCheckpoint(string body)
    {
        lock (_gate)
        {
            try
            {
                return Add(body);
            }
            catch (IntegrityFormatException e)
            {
                return TestWitnessAnswer.Of(400, e.Message);
            }
        }
    }

    /// <summary>A cosignature of any text.</summary>
    public NoteSignature Cosign(string text) => _key.Cosign(text, Time++);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _serving;
        _listener.Dispose();
        _ending.Dispose();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private TestWitnessAnswer Add(string body)
    {
        var split = body.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = body[..split].Split('\n');
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(body[(split + 2)..]));
        var checkpoint = Checkpoint.Parse(note.Text);
        if (!lines[0].StartsWith("old ", StringComparison.Ordinal) || !long.TryParse(lines[0].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var old)
            || lines[0] != $"old {old}" || lines.Length > 64)
        {
            return TestWitnessAnswer.Of(400, "malformed");
        }

        MerkleHash[] proof = [.. lines.Skip(1).Select(line => new MerkleHash(Convert.FromBase64String(line)))];
        if (!_logs.TryGetValue(checkpoint.Origin, out var log))
            return TestWitnessAnswer.Of(404, "unknown log");
        if (!log.Signed(note))
            return TestWitnessAnswer.Of(403, "unknown key");
        if (old > checkpoint.Size)
            return TestWitnessAnswer.Of(400, "old size is larger");
        var last = _seen.GetValueOrDefault(checkpoint.Origin, new Checkpoint(checkpoint.Origin, 0, MerkleHash.Empty));
        if (old != last.Size)
            return new TestWitnessAnswer(409, "text/x.tlog.size", Encoding.UTF8.GetBytes($"{last.Size}\n"));
        if (old == checkpoint.Size && checkpoint.Root != last.Root)
            return TestWitnessAnswer.Of(409, "another root");
        if (old == 0 ? proof.Length > 0 : !MerkleProof.ShowsConsistency(old, checkpoint.Size, last.Root, checkpoint.Root, proof))
            return TestWitnessAnswer.Of(422, "bad proof");

        _seen[checkpoint.Origin] = checkpoint;
        // With one by a key that nobody knows, as witnesses have that change theirs.
        return TestWitnessAnswer.Of(200, CosigningKey.Line(_otherKey.Cosign(note.Text, Time)) + CosigningKey.Line(Cosign(note.Text)));
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
                answering.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using var _ = connection;
        connection.NoDelay = true;
        try
        {
            var (call, body) = await ReadAsync(connection.GetStream(), _ending.Token);
            lock (_gate)
                _requests.Add(body);
            var answer = Instead?.Invoke(body)
                ?? (call == "POST /witness/add-checkpoint HTTP/1.1" ? AddCheckpoint(body) : TestWitnessAnswer.Of(404, "no such call"));
            await connection.GetStream().WriteAsync(answer.ToBytes(), _ending.Token);
            if (answer.BeforeTheEnd is not null)
                await answer.BeforeTheEnd.WaitAsync(_ending.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Who asked did not wait for the answer.
        }
    }

    // One request a connection: the line of the call, and the body.
    private static async Task<(string Call, string Body)> ReadAsync(NetworkStream stream, CancellationToken end)
    {
        var (bytes, length) = (new byte[100_000], 0);
        while (true)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), end);
            if (read == 0)
                throw new IOException("The request has no end.");
            length += read;
            var split = bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (split < 0)
                continue;
            var head = Encoding.UTF8.GetString(bytes, 0, split).Split("\r\n");
            var bodyLength = int.Parse(head.Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)).AsSpan(16), CultureInfo.InvariantCulture);
            if (length == split + 4 + bodyLength)
                return (head[0], Encoding.UTF8.GetString(bytes, split + 4, bodyLength));
        }
    }
}
