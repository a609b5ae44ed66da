using ToolTrail.Fuzz;
using ToolTrail.Testing;
using ToolTrail.Torture.Fuzzing;

namespace ToolTrail.Torture.Faults;

/// <summary>
/// What takes bytes from others is given any: afl-fuzz makes them up, guided by which branches those before took, beginning with the kept corpus. A full run
/// keeps what it found.
/// </summary>
internal sealed class HostileInput : IFault
{
    private const int MostNamed = 5;

    private static readonly TimeSpan TimeOfEach = TimeSpan.FromMinutes(10);

    private readonly FuzzCorpus _corpus = new(SourceTree.PathOf("tests", "ToolTrail.Fuzz"));

    public string Key => "hostile";

    public string Title => "hostile input, fuzzed";

    public int Rounds => FuzzTargets.Names.Count;

    public TimeSpan FullRun => TimeOfEach * Rounds;

    public async Task RunAsync(FaultRun run)
    {
        var program = await FuzzBuild.MakeAsync(Path.Combine(run.Folder, "build"));
        var (counts, most) = (new List<string>(), 0L);
        foreach (var target in FuzzTargets.Names)
        {
            var afl = new AflRun(program, target, Path.Combine(run.Folder, target));
            var (stats, memory) = await afl.FuzzAsync(_corpus.Read(target).Select(kept => kept.Input), run.Of(TimeOfEach));
            foreach (var input in afl.Broken.Take(MostNamed))
                run.Broken($"The target '{target}' does not stand {input}.");
            run.Expect(stats.Crashes + stats.Hangs == 0, $"The target '{target}' crashed in {stats.Crashes} ways and hung in {stats.Hangs}.");
            counts.Add($"{target} {stats.Runs:N0}");
            most = Math.Max(most, memory);
            if (run.Scale >= 1)
                _corpus.Keep(target, await afl.MinimiseAsync());
            run.CountRound();
        }

        run.Note($"inputs: {string.Join(", ", counts)}; {most} MiB at most");
    }
}
