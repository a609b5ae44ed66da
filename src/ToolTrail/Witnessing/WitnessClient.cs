using System.Globalization;
using System.Net;
using System.Text;
using ToolTrail.Home;
using ToolTrail.Integrity;

namespace ToolTrail.Witnessing;

/// <summary>Asks witnesses to cosign (C2SP tlog-witness). Safe for use by any number of threads.</summary>
internal sealed class WitnessClient
{
    /// <summary>How long a witness may take for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Larger answers are refused.</summary>
    public const int MostBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <param name="http">As <see cref="NewHttp"/> makes it; the caller disposes it.</param>
    /// <param name="time">Measures the patience.</param>
    public WitnessClient(HttpClient http, TimeProvider time)
    {
        _http = http;
        _time = time;
    }

    /// <summary>Makes what this client is to be given: it goes where it is sent and nowhere else.</summary>
    public static HttpClient NewHttp()
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
        http.DefaultRequestHeaders.UserAgent.ParseAdd("ToolTrail");
        return http;
    }

    /// <summary>Has a head cosigned.</summary>
    /// <param name="witness">By whom.</param>
    /// <param name="head">A checkpoint, signed by the log.</param>
    /// <param name="cosigned">The size that the witness cosigned last, as far as is known; 0: none.</param>
    /// <param name="tree">The head's tree. What it throws goes through to the caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The cosignature, which is right.</returns>
    /// <exception cref="WitnessException">There is none, for whatever reason.</exception>
    /// <exception cref="IntegrityFormatException">The head is no checkpoint.</exception>
    public async Task<NoteSignature> CosignAsync(
        WitnessSettings witness, SignedNote head, long cosigned, MerkleProof.Subtree tree, CancellationToken cancellationToken)
    {
        var checkpoint = Checkpoint.Parse(head.Text);
        // Where it has cosigned more than there is, it says so itself.
        var old = Math.Min(cosigned, checkpoint.Size);
        for (var isSecond = false; ; isSecond = true)
        {
            var answer = await PostAsync(witness, BodyOf(head, checkpoint.Size, old, tree), cancellationToken).ConfigureAwait(false);
            if (answer.Status != HttpStatusCode.Conflict)
                return answer.Status == HttpStatusCode.OK ? CosignatureIn(answer, witness, head) : throw Refused(answer, witness, checkpoint, old);

            var size = SizeToGoOnFrom(answer, witness, checkpoint, old);
            if (isSecond)
                throw Failure(witness, "was asked by somebody else at the same time. It is asked again with the next head.");
            old = size;
        }
    }

    private static byte[] BodyOf(SignedNote head, long size, long old, MerkleProof.Subtree tree)
    {
        var body = new StringBuilder().Append(CultureInfo.InvariantCulture, $"old {old}\n");
        if (old > 0)
        {
            foreach (var hash in MerkleProof.OfConsistency(old, size, tree))
                body.Append(hash).Append('\n');
        }

        return Encoding.UTF8.GetBytes(body.Append('\n').Append(head).ToString());
    }

    private async Task<WitnessAnswer> PostAsync(WitnessSettings witness, byte[] body, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, witness.Url.AbsoluteUri.TrimEnd('/') + "/add-checkpoint");
            request.Content = new ByteArrayContent(body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            using var stream = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            var answer = new byte[MostBytes + 1];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, either.Token).ConfigureAwait(false);
            return length <= MostBytes
                ? new WitnessAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, answer[..length])
                : throw Failure(witness, $"answers with more than {MostBytes / 1024} KiB. Is integrity.witnesses right?");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(witness, $"did not answer within {Patience.TotalSeconds:0} s. It is asked again with the next head.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failure(witness, $"cannot be reached: {WitnessAnswer.Printable(e.Message)}. It is asked again with the next head.", e);
        }
    }

    private static NoteSignature CosignatureIn(WitnessAnswer answer, WitnessSettings witness, SignedNote head)
    {
        SignedNote cosigned;
        try
        {
            cosigned = SignedNote.Parse([.. head.TextBytes(), (byte)'\n', .. answer.Body]);
        }
        catch (IntegrityFormatException e)
        {
            throw Failure(witness, $"answers with no cosignatures: {WitnessAnswer.Printable(e.Message)}. Is integrity.witnesses right?", e);
        }

        // With an empty line in the answer it could have become another text.
        return cosigned.Text == head.Text && witness.Key.CosignedAt(cosigned) is not null
            ? cosigned.Signatures.First(witness.Key.IsOurs)
            : throw Failure(witness, "answers with no cosignature by the key that integrity.witnesses has for it, or with a wrong one. Compare the key with what its operator publishes.");
    }

    private static long SizeToGoOnFrom(WitnessAnswer answer, WitnessSettings witness, Checkpoint checkpoint, long old)
    {
        var size = answer.Size();
        if (size > checkpoint.Size)
        {
            throw Alarm(
                witness,
                $"has cosigned {size} entries of '{checkpoint.Origin}', and there are {checkpoint.Size}: the log was rolled back, or restored from an older copy, or forked. Compare it with a copy that holds those entries.",
                size);
        }

        // Asked for just the size that it has, it can only refuse the root.
        if (old == checkpoint.Size && (size is null || size == old))
        {
            throw Alarm(
                witness,
                $"has cosigned {old} entries of '{checkpoint.Origin}' with another root: the log was changed or forked. Compare it with a copy.");
        }

        return size is { } other && other != old
            ? other
            : throw Failure(witness, "answers 409 and does not say which other size it has cosigned. Is integrity.witnesses right?");
    }

    private static WitnessException Refused(WitnessAnswer answer, WitnessSettings witness, Checkpoint checkpoint, long old) => (int)answer.Status switch
    {
        422 when old > 0 => Alarm(
            witness,
            $"finds that the {checkpoint.Size} entries of '{checkpoint.Origin}' do not begin with the {old} that it has cosigned: the log was changed or forked, or its tiles are damaged. Compare it with a copy."),
        403 => Failure(witness, $"does not know the key that signs '{checkpoint.Origin}'. Give its operator the log's verifier key."),
        404 => Failure(witness, $"does not know the log '{checkpoint.Origin}', or is not at this address. Ask its operator to add the log, or put integrity.witnesses right."),
        >= 300 and < 400 => Failure(witness, "sends elsewhere, where nobody goes unasked. Put integrity.witnesses right."),
        var status => Failure(witness, $"refuses with status {status}: '{answer.Shown()}'. It is asked again with the next head."),
    };

    private static WitnessException Failure(WitnessSettings witness, string what, Exception? cause = null) => new(Sentence(witness, what), cause);

    private static WitnessException Alarm(WitnessSettings witness, string what, long? largerSize = null) =>
        new(Sentence(witness, what)) { IsAlarm = true, LargerSize = largerSize };

    private static string Sentence(WitnessSettings witness, string what) => $"The witness '{witness.Key.Name}' at {witness.Url} {what}";
}
