using ToolTrail.Torture.Oracle;
using ToolTrail.Torture.Processes;

namespace ToolTrail.Torture;

/// <summary>A fault's run: its means, and what it notes. Safe for use by several threads but for <see cref="Random"/>.</summary>
internal sealed class FaultRun
{
    private readonly Lock _gate = new();
    private readonly List<string> _broken = [];
    private readonly List<string> _late = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _lost = [];
    private readonly HashSet<string> _duplicated = [];
    private readonly HashSet<string> _corrupted = [];
    private int _trails;
    private int _rounds;
    private int _verified;
    private int _notVerified;
    private long _acknowledged;

    /// <param name="folder">A folder of its own, empty.</param>
    /// <param name="scale">Share of a full run.</param>
    /// <param name="seed">Of what happens when.</param>
    public FaultRun(string folder, double scale, int seed)
    {
        Folder = folder;
        Scale = scale;
        Random = new Random(seed);
    }

    /// <summary>A folder of the fault's own.</summary>
    public string Folder { get; }

    /// <summary>Share of a full run.</summary>
    public double Scale { get; }

    /// <summary>Decides what happens when.</summary>
    public Random Random { get; }

    /// <summary>So many of a full run's rounds, at least one.</summary>
    public int Of(int rounds) => Math.Max(1, (int)Math.Round(rounds * Scale));

    /// <summary>So much of a full run's time, at least 5 s.</summary>
    public TimeSpan Of(TimeSpan time) => time * Scale < TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(5) : time * Scale;

    /// <summary>A trail that nobody has written to, in the fault's folder or on another disk.</summary>
    public TrailUnderTest NewTrail(string? disk = null) => new(Path.Combine(disk ?? Folder, $"home-{Interlocked.Increment(ref _trails)}"));

    /// <summary>A moment between nothing and <paramref name="longest"/>.</summary>
    public TimeSpan Moment(TimeSpan longest) => longest * Random.NextDouble();

    /// <summary>Ends a round: compares what was acknowledged with what is there, and runs verify.</summary>
    /// <param name="trail">The trail, which no process has open.</param>
    /// <param name="mayFind">What verify may find, by its exit code; <c>null</c>: nothing.</param>
    public async Task EndRoundAsync(TrailUnderTest trail, Func<VerifyRun, bool>? mayFind = null)
    {
        Check(trail);
        await VerifyAsync(trail.Home, mayFind);
        var round = Interlocked.Increment(ref _rounds);
        if (!Console.IsOutputRedirected)
            Console.Write($"\r  {round} rounds, {trail.Acknowledged.Count} acknowledged in this trail   ");
    }

    /// <summary>Compares what was acknowledged with what is there.</summary>
    public void Check(TrailUnderTest trail)
    {
        var findings = TrailCheck.Run(trail.Home, trail.Acknowledged.Keys);
        lock (_gate)
        {
            _acknowledged += trail.TakeNewlyAcknowledged();
            Note("lost", _lost, findings.Lost, trail);
            Note("stored more than once", _duplicated, findings.Duplicated, trail);
            Note("corrupted", _corrupted, findings.Corrupted, trail);
        }
    }

    /// <summary>Runs <c>tooltrail verify</c>.</summary>
    public async Task<VerifyRun> VerifyAsync(string home, Func<VerifyRun, bool>? mayFind = null)
    {
        var verification = await VerifyRun.RunAsync(home);
        var holds = verification.Passes || mayFind?.Invoke(verification) == true;
        lock (_gate)
        {
            if (holds)
                _verified++;
            else
                _notVerified++;
        }

        if (!holds)
            Broken($"verify of {home} ended with {verification.ExitCode}: {verification.Text}");
        return verification;
    }

    /// <summary>Counts a round that ends without a check of its own.</summary>
    public void CountRound() => Interlocked.Increment(ref _rounds);

    /// <summary>Counts acknowledged records that were checked elsewhere.</summary>
    public void CountAcknowledged(long count) => Interlocked.Add(ref _acknowledged, count);

    /// <summary>Notes a promise that was not kept.</summary>
    public void Broken(string what)
    {
        lock (_gate)
            _broken.Add(what);
        Console.WriteLine($"\n  BROKEN: {what}");
    }

    /// <summary>Notes a broken promise unless a condition holds.</summary>
    public void Expect(bool condition, string otherwise)
    {
        if (!condition)
            Broken(otherwise);
    }

    /// <summary>Notes that something took longer than promised.</summary>
    public void ExpectWithin(TimeSpan took, TimeSpan promised, string what)
    {
        if (took <= promised)
            return;
        lock (_gate)
            _late.Add($"{what} took {took.TotalMilliseconds:0} ms");
        Console.WriteLine($"\n  LATE: {what} took {took.TotalMilliseconds:0} ms, and {promised.TotalMilliseconds:0} ms are promised");
    }

    /// <summary>Notes something worth knowing.</summary>
    public void Note(string what)
    {
        lock (_gate)
            _notes.Add(what);
    }

    /// <summary>What came of it.</summary>
    public FaultResult Result(string title)
    {
        var verify = _notVerified > 0 ? $"failed {_notVerified} of {_verified + _notVerified}" : $"passed {_verified}";
        return new FaultResult(title, _rounds, _acknowledged, _lost.Count, _duplicated.Count, _corrupted.Count, verify, _broken, _late, _notes);
    }

    private static void Note(string what, HashSet<string> known, IReadOnlyCollection<string> found, TrailUnderTest trail)
    {
        foreach (var item in found.Where(item => known.Add($"{trail.Home} {item}")))
            Console.WriteLine($"\n  {what.ToUpperInvariant()}: {trail.Home}: {item}");
    }
}
