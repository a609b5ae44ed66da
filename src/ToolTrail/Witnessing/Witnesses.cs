using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ToolTrail.Home;
using ToolTrail.Integrity;

namespace ToolTrail.Witnessing;

/// <summary>
/// Brings heads of the seal log to all configured witnesses and keeps what they cosigned. A witness that fails hinders nobody: it is logged, and asked
/// again with the next head. For one caller at a time; any number of processes on the home.
/// </summary>
internal sealed class Witnesses
{
    private readonly TileLog _log;
    private readonly Func<IReadOnlyList<WitnessSettings>> _witnesses;
    private readonly WitnessClient _client;
    private readonly WitnessFiles _files;
    private readonly ILogger _logger;

    // Why each that fails does, so that it is told once.
    private readonly ConcurrentDictionary<WitnessKey, string> _failing = new();

    /// <param name="files">Where cosigned heads are kept.</param>
    /// <param name="log">The seal log.</param>
    /// <param name="witnesses">The configured witnesses; asked each time.</param>
    /// <param name="client">Asks them.</param>
    /// <param name="logger">Where failures and findings are told.</param>
    public Witnesses(WitnessFiles files, TileLog log, Func<IReadOnlyList<WitnessSettings>> witnesses, WitnessClient client, ILogger logger)
    {
        _log = log;
        _witnesses = witnesses;
        _client = client;
        _files = files;
        _logger = logger;
    }

    /// <summary>
    /// Has a head cosigned by all witnesses at once; it takes as long as the slowest of them, at most twice <see cref="WitnessClient.Patience"/>.
    /// Witnesses that have cosigned it already are not asked: whoever wants to try again the others calls again.
    /// </summary>
    /// <param name="head">A checkpoint of the log, signed by the log alone.</param>
    /// <param name="cancellationToken">Gives up; what came until then is kept.</param>
    /// <returns>The head with the cosignatures that it has now.</returns>
    /// <exception cref="IntegrityFormatException">The head is no checkpoint.</exception>
    public async Task<SignedNote> CosignAsync(SignedNote head, CancellationToken cancellationToken)
    {
        var checkpoint = Checkpoint.Parse(head.Text);
        var cosignatures = await Task.WhenAll(_witnesses().Select(witness => TryAsync(witness, head, checkpoint, cancellationToken))).ConfigureAwait(false);
        return head.With(cosignatures.OfType<NoteSignature>());
    }

    private async Task<NoteSignature?> TryAsync(WitnessSettings witness, SignedNote head, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            var cosignature = await AskAsync(witness, head, checkpoint, cancellationToken).ConfigureAwait(false);
            _files.Keep(witness.Key, head, cosignature);
            if (_failing.TryRemove(witness.Key, out _))
                _logger.CosignsAgain(witness.Key.Name);
            return cosignature;
        }
        catch (WitnessException e) when (e.IsAlarm)
        {
            TellFinding(witness, checkpoint, e);
        }
        catch (Exception e) when (e is WitnessException or IntegrityFormatException or IOException or UnauthorizedAccessException)
        {
            if (!_failing.TryGetValue(witness.Key, out var told) || told != e.Message)
                _logger.NotCosigned(e.Message);
            _failing[witness.Key] = e.Message;
        }

        return null;
    }

    private async Task<NoteSignature> AskAsync(WitnessSettings witness, SignedNote head, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var last = _files.Read(witness.Key, checkpoint.Origin);
        if (last?.Text == head.Text)
            return last.Signatures.First(witness.Key.IsOurs);
        var cosigned = last is null ? 0 : Checkpoint.Parse(last.Text).Size;
        return await _client.CosignAsync(witness, head, cosigned, Subtree, cancellationToken).ConfigureAwait(false);

        MerkleHash Subtree(long start, long end) => _log.Subtree(checkpoint.Size, start, end);
    }

    private void TellFinding(WitnessSettings witness, Checkpoint checkpoint, WitnessException finding)
    {
        // Another process may have appended and had that cosigned since our head was read. If what it appended does not belong to us, the witness will
        // say so when it is asked with the new head.
        if (finding.LargerSize is { } size && SizeNow() >= size)
            _logger.Overtaken(checkpoint.Size, witness.Key.Name);
        else
            _logger.NotWhatWasWitnessed(finding.Message);
    }

    private long SizeNow()
    {
        try
        {
            return _log.ReadHead() is { } head ? Checkpoint.Parse(head.Text).Size : 0;
        }
        catch (Exception e) when (e is IntegrityFormatException or IOException or UnauthorizedAccessException)
        {
            // Then nothing excuses the finding.
            return 0;
        }
    }
}
