using System.Text;
using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Retention;

/// <summary>
/// Erases records so that the trail can still be verified: an event in the seal log says which, when and why; then each line becomes a stub of the same length
/// that keeps its leaf hash. Parts that are open are closed first.
/// </summary>
public sealed class TrailEraser
{
    private const int RangesPerEvent = 1000;
    private const int Tries = 20;

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
    /// <param name="cancellationToken">Ends it between two parts.</param>
    /// <exception cref="ErasureException">The user's records are under a legal hold, or a part does not fit what was signed of it.</exception>
    /// <exception cref="SealingException">The seal log, or the key, is not as it has to be.</exception>
    /// <exception cref="TrailWriteException">The trail cannot be written.</exception>
    public async Task<ErasureReport> EraseAsync(ErasureRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Reason);
        if (_settings().IsHeld(request.User))
            throw new ErasureException($"Nothing of user '{request.User}' may be erased: they are under a legal hold (retention.holds).");
        await Task.Run(() => Resume(), cancellationToken).ConfigureAwait(false);

        var folder = _home.UserFolder(request.User);
        var (erased, tooShort, parts) = (0L, 0L, new List<PartName>());
        foreach (var file in DayFile.Names(_home, folder).Where(name => !(name.Day < request.From) && !(name.Day > request.To)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = new PartName(folder, file);
            if ((await Task.Run(() => Find(part, request), cancellationToken).ConfigureAwait(false)).Lines.Count == 0)
                continue;
            await CloseAsync(request.User, part).ConfigureAwait(false);
            var found = await Task.Run(() => Find(part, request), cancellationToken).ConfigureAwait(false);
            await _sealer.InTurnAsync(() => Erase(part, found, request.Reason)).ConfigureAwait(false);
            erased += found.Lines.Sum(range => range.Last - range.First + 1);
            tooShort += found.TooShort;
            parts.Add(part);
        }

        return new ErasureReport(erased, parts, tooShort);
    }

    /// <summary>Brings to its end what broke off.</summary>
    internal void Resume()
    {
        foreach (var intent in ErasureIntent.ReadAll(_home))
            Act(intent, "what was begun broke off, and is brought to its end");
    }

    // A part that grows cannot be rewritten under those who write to it.
    private async Task CloseAsync(string user, PartName part)
    {
        for (var tries = 0; TreeState.Read(new PartFiles(_home, part).Tree) is not { IsClosed: true }; tries++)
        {
            if (tries == Tries)
                throw new ErasureException($"'{part}' could not be closed: it does not fit what was signed of it, or it grows too fast. Run 'tooltrail verify', and try again.");
            await _store.VisitAsync(user, part.File).ConfigureAwait(false);
            await _sealer.CatchUpAsync().ConfigureAwait(false);
            await _sealer.CloseAsync(part).ConfigureAwait(false);
        }
    }

    private void Erase(PartName part, Found found, string reason)
    {
        if (found.Lines.Count > 0)
            Act(ErasureIntent.Write(_home, part, found.Lines), reason, found.Kept);
    }

    private void Act(ErasureIntent intent, string reason, IReadOnlyList<KeptFields>? kept = null)
    {
        using var part = ClosedPart.TryHold(_sealer.Context, intent.Part)
            ?? throw new ErasureException($"'{intent.Part}' is in another process's hands, or is not closed: try again.");
        try
        {
            // The event first: a stub of which no event tells is an alarm.
            var events = intent.Lines.Chunk(RangesPerEvent).Select((ranges, i) => part.Event(SealEventKind.Erased, reason) with { Lines = ranges, Kept = i == 0 ? kept ?? [] : [] });
            _sealer.Context.Log.Append([.. events.Select(one => one.ToText(_home.Installation))]);
            part.Erase(intent.Contains());
        }
        catch (PartAlarmException e)
        {
            throw new ErasureException($"'{intent.Part}' could not be erased from: {e.Message}. Run 'tooltrail verify'.", e);
        }

        intent.Remove();
    }

    private Found Find(PartName part, ErasureRequest request)
    {
        var found = new Found();
        if (DayFile.Find(_home, part.UserFolder, part.File) is not { } file)
            return found;
        var id = request.Id;
        // Damage is thrown, not skipped: it may hold what is to be erased.
        using var lines = new LineReader(PartBytes.TryOpen(file.Path), 0, file.Length);
        for (var number = 0L; lines.TryRead(out var line); number++)
        {
            var isRecord = RecordHeader.TryRead(line.Bytes, _home.TimeZone, out var header);
            if (ErasedLine.Is(line.Bytes) || (id is not null && !(isRecord && JsonText.Unescape(header.Id) == id)))
                continue;
            if (line.Bytes.Length < ErasedLine.LeastBytes)
                found.TooShort++;
            else
                found.Add(number, id is null ? null : Kept(number, header));
        }

        return found;
    }

    private static KeptFields Kept(long number, RecordHeader header)
    {
        const int MostChars = 64;
        var tool = JsonText.Unescape(header.Tool);
        var time = new byte[Rfc3339.Length];
        Rfc3339.Write(header.Timestamp, time);
        return new KeptFields(number, Encoding.ASCII.GetString(time), tool[..Math.Min(tool.Length, MostChars)], JsonText.Unescape(header.Status));
    }

    private sealed class Found
    {
        public List<LineRange> Lines { get; } = [];

        public List<KeptFields> Kept { get; } = [];

        public long TooShort { get; set; }

        public void Add(long line, KeptFields? kept)
        {
            if (Lines.Count > 0 && Lines[^1].Last == line - 1)
                Lines[^1] = Lines[^1] with { Last = line };
            else
                Lines.Add(new LineRange(line, line));
            if (kept is { } fields && Kept.Count < 100)
                Kept.Add(fields);
        }
    }
}
