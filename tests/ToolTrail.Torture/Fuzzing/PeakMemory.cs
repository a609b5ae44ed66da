using System.Diagnostics;
using System.Globalization;

namespace ToolTrail.Torture.Fuzzing;

/// <summary>The most memory that any process of a program has taken since this was made, as the system keeps it for each while it lives.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly string _program;
    private readonly Timer _timer;
    private long _bytes;

    /// <param name="program">Its path, which stands in the command lines of all that run it, afl-fuzz among them.</param>
    public PeakMemory(string program)
    {
        _program = program;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>The most, in MiB.</summary>
    public long MiB => Interlocked.Read(ref _bytes) >> 20;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")).Contains(_program, StringComparison.Ordinal))
                    Interlocked.Exchange(ref _bytes, Math.Max(Interlocked.Read(ref _bytes), PeakOf(process)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
            {
                // It has ended since it was listed.
            }
        }
    }

    private static long PeakOf(string folder)
    {
        using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
        return process.PeakWorkingSet64;
    }
}
