using ToolTrail.Home;
using ToolTrail.Reading;
using ToolTrail.Sealing;
using ToolTrail.Storage;

namespace ToolTrail.Verification;

/// <summary>
/// Verifies a trail: recomputes every part's tree from its bytes, on every core, and holds it against everything that was signed. Only ever reads; may run beside
/// any number of writers. Safe for use by several threads.
/// </summary>
public sealed class TrailVerifier
{
    private readonly TrailHome _home;
    private readonly TimeProvider _time;

    /// <param name="home">The trail.</param>
    /// <param name="timeProvider">Tells what may be too new to be sealed; default: the system's clock.</param>
    public TrailVerifier(TrailHome home, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(home);
        _home = home;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Bytes that <see cref="Verify"/> will read, for a progress bar.</summary>
    public long Measure(VerifyOptions options) =>
        PartsOnDisk(Wanted(options)).Sum(part => DayFile.Find(_home, part.UserFolder, part.File)?.Length ?? 0);

    /// <summary>Verifies.</summary>
    /// <param name="options">What, and against what.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The seal log, or a folder, cannot be read. A part that cannot is a finding.</exception>
    public TrailVerdict Verify(VerifyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isWanted = Wanted(options);
        // The log first: what grows meanwhile is longer than what it says.
        var log = SealHistory.Read(_home, options, isWanted, _time.GetUtcNow(), cancellationToken);
        var verdicts = VerifyParts([.. WithoutGaps(PartsOnDisk(isWanted).Union(log.Parts)).Order()], log, options.Progress, cancellationToken);
        if ((log.Verdict.Findings.Count > 0 || verdicts.Exists(part => part.Findings.Count > 0)) && log.HasChangedSince())
        {
            // What was erased, removed or signed with another key meanwhile stands in the log by now: it is no finding.
            log = SealHistory.Read(_home, options, isWanted, _time.GetUtcNow(), cancellationToken);
            var again = VerifyParts([.. verdicts.Where(part => part.Findings.Count > 0).Select(part => part.Part)], log, null, cancellationToken).ToDictionary(part => part.Part);
            verdicts = verdicts.ConvertAll(part => again.GetValueOrDefault(part.Part, part));
        }

        return new TrailVerdict(_home.Installation, IsNew(log, verdicts) ? new LogVerdict(null, [], ["nothing is sealed yet"]) : log.Verdict, verdicts);
    }

    private List<PartVerdict> VerifyParts(List<PartName> parts, SealHistory log, Action<long>? progress, CancellationToken cancellationToken)
    {
        var verdicts = new PartVerdict[parts.Count];
        var settings = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, parts.Count, settings, i => verdicts[i] = new PartVerifier(_home, parts[i], log, _time).Verify(Read));
        return [.. verdicts];

        // A part may be large: it is left in the middle.
        void Read(long bytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(bytes);
        }
    }

    // A day's parts are numbered from 1: where a later one is, those before it were.
    private static IEnumerable<PartName> WithoutGaps(IEnumerable<PartName> parts) => parts
        .GroupBy(part => (part.UserFolder, part.File.Day))
        .SelectMany(day => Enumerable.Range(1, day.Max(part => part.File.Part)).Select(number => new PartName(day.Key.UserFolder, new DayFileName(day.Key.Day, number))));

    // Nothing was sealed, and nothing is so old that it should have been.
    private bool IsNew(SealHistory log, List<PartVerdict> parts) => log.Head is null && !Directory.Exists(Path.Combine(SealLog.FolderOf(_home), "tile"))
        && parts.TrueForAll(part => part.Findings.Count == 0 && TreeState.Read(new PartFiles(_home, part.Part).Tree)?.Sealed is null);

    private Predicate<PartName> Wanted(VerifyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = options.User is null ? null : _home.UserFolder(options.User);
        return part => (folder is null || part.UserFolder == folder)
            && (options.From is not { } from || part.File.Day >= from)
            && (options.To is not { } to || part.File.Day <= to);
    }

    private IEnumerable<PartName> PartsOnDisk(Predicate<PartName> isWanted) =>
        _home.UserFolders().SelectMany(folder => DayFile.Names(_home, folder).Select(file => new PartName(folder, file))).Where(part => isWanted(part));
}
