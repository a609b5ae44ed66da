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
        PartsOnDisk(Wanted(options)).Sum(LengthOf);

    /// <summary>Verifies.</summary>
    /// <param name="options">What, and against what.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">Something cannot be read.</exception>
    public TrailVerdict Verify(VerifyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isWanted = Wanted(options);
        // The log first: what grows meanwhile is longer than what it says.
        var log = SealHistory.Read(_home, options, isWanted, cancellationToken);
        var parts = WithoutGaps(PartsOnDisk(isWanted).Union(log.Parts)).Order().ToList();
        var verdicts = new PartVerdict[parts.Count];
        var settings = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, parts.Count, settings, i => verdicts[i] = new PartVerifier(_home, parts[i], log, _time).Verify(Read));
        return new TrailVerdict(_home.Installation, IsNew(log, verdicts) ? new LogVerdict(null, [], ["nothing is sealed yet"]) : log.Verdict, verdicts);

        // A part may be large: it is left in the middle.
        void Read(long bytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            options.Progress?.Invoke(bytes);
        }
    }

    // A day's parts are numbered from 1: where a later one is, those before it were.
    private static IEnumerable<PartName> WithoutGaps(IEnumerable<PartName> parts) => parts
        .GroupBy(part => (part.UserFolder, part.File.Day))
        .SelectMany(day => Enumerable.Range(1, day.Max(part => part.File.Part)).Select(number => new PartName(day.Key.UserFolder, new DayFileName(day.Key.Day, number))));

    // Nothing was signed, and nothing is so old that it should have been.
    private bool IsNew(SealHistory log, PartVerdict[] parts) => log.Head is null && !Directory.Exists(SealLog.FolderOf(_home))
        && parts.All(part => part.Findings.Count == 0 && !File.Exists(new PartFiles(_home, part.Part).Checkpoint));

    private Predicate<PartName> Wanted(VerifyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = options.User is null ? null : _home.UserFolder(options.User);
        return part => (folder is null || part.UserFolder == folder)
            && (options.From is not { } from || part.File.Day >= from)
            && (options.To is not { } to || part.File.Day <= to);
    }

    private long LengthOf(PartName part)
    {
        try
        {
            return DayFile.Find(_home, part.UserFolder, part.File)?.Length ?? 0;
        }
        catch (InvalidDataException)
        {
            // A compressed part that is damaged: that is for verifying to tell.
            return 0;
        }
    }

    private IEnumerable<PartName> PartsOnDisk(Predicate<PartName> isWanted) =>
        _home.UserFolders().SelectMany(folder => DayFile.Names(_home, folder).Select(file => new PartName(folder, file))).Where(part => isWanted(part));
}
