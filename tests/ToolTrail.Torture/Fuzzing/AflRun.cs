using ToolTrail.Testing;

namespace ToolTrail.Torture.Fuzzing;

/// <summary>One target under afl-fuzz.</summary>
internal sealed class AflRun
{
    // An input takes about a millisecond; on a busy machine a thousand times that is still no hang.
    private const int HangMs = 5000;

    // Of the managed heap: whoever needs more for an input of at most 64 KiB ends with OutOfMemoryException, which is a crash.
    private const int MostHeapMiB = 200;
    private const int LongestInput = 64 * 1024;

    private readonly string _program;
    private readonly string _target;
    private readonly string _folder;

    /// <param name="program">The instrumented fuzzer.</param>
    /// <param name="target">Its target.</param>
    /// <param name="folder">A folder of its own, not there yet.</param>
    public AflRun(string program, string target, string folder) => (_program, _target, _folder) = (program, target, folder);

    /// <summary>Inputs that crashed or hung.</summary>
    public IEnumerable<string> Broken => InputsIn("crashes").Concat(InputsIn("hangs"));

    /// <summary>The inputs that took new ways, those that it began with among them.</summary>
    private string Queue => Path.Combine(_folder, "found", "default", "queue");

    /// <summary>Fuzzes.</summary>
    /// <param name="inputs">What it begins with.</param>
    /// <param name="time">How long.</param>
    /// <returns>What was counted, and the most memory that a process took, in MiB.</returns>
    public async Task<(AflStats Stats, long MostMiB)> FuzzAsync(IEnumerable<byte[]> inputs, TimeSpan time)
    {
        var begin = Directory.CreateDirectory(Path.Combine(_folder, "begin")).FullName;
        foreach (var (index, input) in inputs.Index())
            await File.WriteAllBytesAsync(Path.Combine(begin, $"{index:d4}"), input);
        using var memory = new PeakMemory(_program);
        var found = Path.Combine(_folder, "found");
        await RunAsync(time + TimeSpan.FromMinutes(5), "afl-fuzz", "-i", begin, "-o", found, "-V", $"{time.TotalSeconds:0}", "-G", $"{LongestInput}");
        return (AflStats.Read(Path.Combine(found, "default", "fuzzer_stats")), memory.MiB);
    }

    /// <summary>Of the inputs that took new ways, the fewest that take them all.</summary>
    public async Task<IEnumerable<byte[]>> MinimiseAsync()
    {
        var kept = Path.Combine(_folder, "kept");
        await RunAsync(TimeSpan.FromMinutes(10), "afl-cmin", "-i", Queue, "-o", kept);
        return Directory.EnumerateFiles(kept).Select(File.ReadAllBytes);
    }

    private IEnumerable<string> InputsIn(string kind) => Directory.EnumerateFiles(Path.Combine(_folder, "found", "default", kind), "id*");

    private async Task RunAsync(TimeSpan within, string command, params string[] arguments)
    {
        // Memory that nobody has to write to a disk.
        var scratch = Directory.CreateDirectory($"/dev/shm/tooltrail-fuzz-{Environment.ProcessId}").FullName;
        try
        {
            string[] all = [.. arguments, "-t", $"{HangMs}", "-m", "none", "--", _program, "run", _target];
            await using var process = ToolProcess.StartProgram(command, all, environment: Variables(scratch));
            var output = process.Output.ReadToEndAsync();
            var exitCode = await process.WaitForExitAsync(within);
            if (exitCode != 0)
                throw new InvalidOperationException($"{command} for '{_target}' ended with {exitCode}: {await output}");
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static Dictionary<string, string?> Variables(string scratch) => new()
    {
        ["TMPDIR"] = scratch,
        ["DOTNET_GCHeapHardLimit"] = $"{MostHeapMiB * 1024 * 1024:x}",
        // It looks for the instructions of a native program, for a terminal, and for settings of the machine.
        ["AFL_SKIP_BIN_CHECK"] = "1",
        ["AFL_NO_UI"] = "1",
        ["AFL_SKIP_CPUFREQ"] = "1",
        ["AFL_NO_AFFINITY"] = "1",
        ["AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"] = "1",
        // The repository may lie anywhere.
        ["AFL_ALLOW_TMP"] = "1",
        // A .NET process starts, and then another.
        ["AFL_FORKSRV_INIT_TMOUT"] = "30000",
    };
}
