using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>
/// Erases records so that the trail can still be verified: an event in the seal log says which, when and why; then each line becomes a stub of the same length
/// that keeps its leaf hash. Parts that are open are closed first.
/// </summary>
public sealed class TrailEraser
{
    private const int Tries = 5;

    private readonly TrailHome _home;
    private readonly DayFileStore _store;
    private readonly Sealer _sealer;
    private readonly Func<RetentionSettings> _settings;

    internal TrailEraser(TrailHome home, DayFileStore store, Sealer sealer, Func<RetentionSettings> settings)
    {
        (_home, _store, _sealer, _settings) = (home, store, sealer, settings);
    }

    /// <summary>Erases records. What was begun is on disk, or brought to its end by the next look over the home.</summary>
    /// <param name="request">Which, and why.</param>
    /// <param name="cancellationToken">Ends it before the next part that would be erased from.</param>
    /// <exception cref="ErasureException">The user's records are under a legal hold, or some part could not be erased from; the others were.</exception>
    /// <exception cref="SealingException">The seal log, or the key, is not as it has to be.</exception>
    /// <exception cref="TrailWriteException">The trail cannot be written.</exception>
    public async Task<ErasureReport> EraseAsync(ErasureRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Reason);
        if (request.Reason.Length > ErasureRequest.MaxReasonChars)
            throw new ArgumentException($"The reason has {request.Reason.Length} characters, and may have {ErasureRequest.MaxReasonChars}: it stands in the seal log for ever.", nameof(request));
        if (_settings().IsHeld(request.User))
            throw new ErasureException($"Nothing of user '{request.User}' may be erased: they are under a legal hold (retention.holds).");

        var folder = _home.UserFolder(request.User);
        var report = new ErasureReport(0, [], 0);
        var failures = new List<ErasureException>();
        foreach (var file in DayFile.Names(_home, folder).Where(name => !(name.Day < request.From) && !(name.Day > request.To)))
        {
            try
            {
                var part = new PartName(folder, file);
                var found = await EraseAsync(part, request, cancellationToken).ConfigureAwait(false);
                report = new ErasureReport(report.Lines + found.Count, found.Count > 0 ? [.. report.Parts, part] : report.Parts, report.TooShort + found.TooShort);
            }
            catch (ErasureException e)
            {
                // The others all the same.
                failures.Add(e);
            }
        }

        await ResumeAsync(cancellationToken).ConfigureAwait(false);
        if (failures.Count == 0)
            return report;
        var some = report.Lines > 0 ? $"Of {report.Parts.Count} files {report.Lines} lines were erased, and not all: " : "";
        throw new ErasureException(some + string.Join(" ", failures.Select(failure => failure.Message)), failures[0]) { Report = report };
    }

    /// <summary>Brings to its end what broke off. What cannot be is told to the log, and holds up nobody.</summary>
    /// <param name="cancellationToken">Ends it in the middle; the next time it is taken up again.</param>
    internal async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var logger = _sealer.Context.Logger;
        foreach (var intent in ErasureIntent.ReadAll(_home, damaged => logger.ErasureUnreadable(damaged)))
        {
            // That was told, and will not change by itself.
            if (_sealer.FoundIn(intent.Part) is { IsAlarm: true })
                continue;
            try
            {
                await _sealer.ApplyAsync(intent.Part, () => Resume(intent, cancellationToken)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SealingException)
            {
                logger.ErasureUnfinished(intent.Part.ToString(), e.Message);
            }
        }
    }

    private async Task<ErasureFind> EraseAsync(PartName part, ErasureRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var found = await Task.Run(() => ErasureFind.In(_home, part, request), cancellationToken).ConfigureAwait(false);
            if (found.Count == 0)
                return found;
            await CloseAsync(request.User, part, cancellationToken).ConfigureAwait(false);
            return await Task.Run(() => Erase(part, request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PartAlarmException or DamagedPartException)
        {
            throw new ErasureException($"'{part}' could not be erased from: {e.Message}. Run 'tooltrail verify'.", e);
        }
        catch (LockTimeoutException e)
        {
            throw new ErasureException($"'{part}' could not be erased from: {e.Message}: a part of the user is being closed, compressed or erased from. Try again later.", e);
        }
    }

    // A part that grows cannot be rewritten under those who write to it.
    private async Task CloseAsync(string user, PartName part, CancellationToken cancellationToken)
    {
        for (var tries = 0; TreeState.Read(new PartFiles(_home, part).Tree) is not { IsClosed: true }; tries++)
        {
            if (_sealer.FoundIn(part) is { IsAlarm: true } found)
                throw new ErasureException($"'{part}' could not be closed: {found.Reason}. Run 'tooltrail verify'.");
            if (tries == Tries)
                throw new ErasureException($"'{part}' could not be closed: nothing of it is sealed. Run 'tooltrail verify', and try again.");
            await _store.VisitAsync(user, part.File).ConfigureAwait(false);
            await _sealer.CatchUpAsync().ConfigureAwait(false);
            await _sealer.CloseAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    private ErasureFind Erase(PartName part, ErasureRequest request, CancellationToken cancellationToken)
    {
        using var closed = ClosedPart.TryHold(_sealer.Context, part, waits: true)
            ?? throw new ErasureException($"'{part}' is not closed any more: what is derived of it was removed meanwhile. Try again.");
        // Before anything says that something of it is erased.
        closed.Check(cancellationToken);
        var found = ErasureFind.In(_home, part, request);
        // What was begun before, of this request too if it is made again: it has its event.
        var begun = ErasureIntent.ReadThose(_home, part);
        foreach (var intent in begun)
            Finish(closed, intent, CancellationToken.None);
        var rest = begun.Count > 0 ? ErasureFind.In(_home, part, request) : found;
        if (rest.Count > 0)
            Finish(closed, ErasureIntent.Write(_home, part, rest.Lines, request.Reason, rest.Kept), CancellationToken.None);
        return found;
    }

    private void Resume(ErasureIntent intent, CancellationToken cancellationToken)
    {
        try
        {
            using var part = ClosedPart.TryHold(_sealer.Context, intent.Part);
            // Else another is at it, or has brought it to its end since.
            if (part is null || intent.Again() is not { } now)
                return;
            if (now.FirstEvent is null)
                part.Check(cancellationToken);
            Finish(part, now, cancellationToken);
        }
        catch (Exception e) when (e is PartAlarmException or DamagedPartException)
        {
            // What to do about it; the alarm itself is told too.
            _sealer.Context.Logger.ErasureUnfinished(intent.Part.ToString(), e.Message);
            throw;
        }
    }

    private void Finish(ClosedPart part, ErasureIntent intent, CancellationToken cancellationToken)
    {
        // The event first: a stub of which no event tells is an alarm. And once: what is tried again was told.
        if (intent.FirstEvent is null)
        {
            var erased = part.Event(SealEventKind.Erased, intent.Reason) with { Lines = intent.Lines, Kept = intent.Kept };
            intent.Told(_sealer.Context.Log.Append([.. ErasureEvents.Of(erased, _home.Installation)]));
        }

        part.Erase(intent.Contains(), cancellationToken);
        intent.Remove();
    }
}
