using System.Runtime.InteropServices;

namespace ToolTrail.Cli.Output;

/// <summary>Whoever reads this process's standard output.</summary>
internal static partial class OutputReader
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Cancels once nobody reads any more, e.g. after <c>| head</c>: .NET's console silently drops what is written then, and a follower would
    /// run for ever. On Windows it never does.
    /// </summary>
    public static async Task CancelWhenGoneAsync(CancellationTokenSource work, TimeProvider timeProvider)
    {
        using var timer = new PeriodicTimer(LookEvery, timeProvider);
        while (OperatingSystem.IsWindows() || !IsGone())
            await timer.WaitForNextTickAsync(work.Token);
        await work.CancelAsync();
    }

    private static bool IsGone()
    {
        const short ErrorOrHangUp = 0x8 | 0x10;
        var output = new PollDescriptor { Descriptor = 1 };
        return poll(ref output, 1, 0) > 0 && (output.Returned & ErrorOrHangUp) != 0;
    }

    [LibraryImport("libc")]
    private static partial int poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Asked;
        public short Returned;
    }
}
