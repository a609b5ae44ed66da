using System.Runtime.InteropServices;
using ToolTrail.Home;

namespace ToolTrail.Recording;

/// <summary>The recorder that the captures of a process share when nobody hands them another.</summary>
internal static class DefaultRecorder
{
    private static readonly Lazy<ToolCallRecorder> Opened = new(Open);

    // Kept, since a registration ends when it is collected.
    private static PosixSignalRegistration? _interrupt;

    /// <summary>The recorder, opened when it is first asked for.</summary>
    public static ToolCallRecorder Instance => Opened.Value;

    private static ToolCallRecorder Open()
    {
        var home = TrailHome.Open(TrailHome.Locate(null));
        var recorder = ToolCallRecorder.Open(home, TrailConfiguration.Load(home));

        // Nobody else would: there is no scope whose end is the process's.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => recorder.DisposeAsync().AsTask().GetAwaiter().GetResult();
        // Ctrl-C ends a process at once, unless its host sees to it, which then goes on recording for a while: so nothing is closed here.
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Flush(recorder));
        return recorder;
    }

    private static void Flush(ToolCallRecorder recorder)
    {
        try
        {
            recorder.FlushAsync().GetAwaiter().GetResult();
        }
        catch (TrailWriteException)
        {
            // The process ends, and the next one finds what is missing.
        }
    }
}
