namespace ToolTrail.Torture.Processes;

/// <summary>Commands that start a program whose syncs fail or are slow.</summary>
internal static class Strace
{
    private const string Syncs = "fsync,fdatasync,syncfs";

    /// <summary>The nth sync of each thread fails with EIO, and syncs nothing.</summary>
    public static string[] FailingSync(int n) => Inject($"error=EIO:when={n}");

    /// <summary>Every sync takes so much longer.</summary>
    public static string[] SlowSyncs(TimeSpan delay) => Inject($"delay_enter={delay.TotalMicroseconds:0}");

    // Without seccomp every system call of the process would stop it, and not only those that are meant.
    private static string[] Inject(string what) =>
        ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", $"trace={Syncs}", "-e", $"inject={Syncs}:{what}"];
}
