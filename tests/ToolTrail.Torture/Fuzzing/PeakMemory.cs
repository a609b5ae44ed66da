using System.Globalization;

namespace ToolTrail.Torture.Fuzzing;

/// <summary>The most memory that any process of a program has taken since this was made, as the system keeps it for each while it lives.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly string _program;
    private readonly Timer _timer;
    private long _kiB;

    /// <param name="program">Its path, which stands in the command lines of all that run it, afl-fuzz among them.</param>
    public PeakMemory(string program)
    {
        _program = program;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>The most, in MiB.</summary>
    public long MiB => Interlocked.Read(ref _kiB) / 1024;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(_program, StringComparison.Ordinal))
                    Interlocked.Exchange(ref _kiB, Math.Max(Interlocked.Read(ref _kiB), PeakOf(process)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended since it was listed.
            }
        }
    }

    // "VmHWM:     123456 kB"
    private static long PeakOf(string process) =>
        File.ReadLines(Path.Combine(process, "status")).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            : 0;
}
