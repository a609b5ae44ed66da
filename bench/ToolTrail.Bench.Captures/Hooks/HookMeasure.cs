using System.Diagnostics;
using System.Text;

namespace ToolTrail.Bench.Captures.Hooks;

/// <summary>
/// A hook before a call, from start to exit, as a host starts it: the call is on the disk when the process is gone. Beside it a program that does nothing,
/// started in the same way, and a bare append and sync of a record's size.
/// </summary>
internal static class HookMeasure
{
    public const string Nothing = "`/bin/true`";
    public const string Ahead = "`tooltrail-hook`, published ahead of time";
    public const string HandedOver = "`tooltrail hook`, which hands over to it";
    public const string ByItself = "`tooltrail hook`, by itself";
    public const string Sync = "an append of 600 bytes and fdatasync, in this process";

    public static readonly string[] Names = [Nothing, Ahead, HandedOver, ByItself, Sync];

    private const int WarmUp = 3;

    private static readonly byte[] Input = Encoding.UTF8.GetBytes(
        """{"session_id":"s-1","transcript_path":"/srv/app/s-1.jsonl","cwd":"/srv/app","permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"npm test","description":"Run the tests"},"tool_use_id":"toolu_01"}""");

    public static Figures Run(int runs)
    {
        using var folder = new WorkFolder();
        using var appended = File.OpenHandle(Path.Combine(folder.Path, "appended"), FileMode.CreateNew, FileAccess.Write);
        var line = new byte[600];
        var contenders = new Dictionary<string, Action>
        {
            [Nothing] = () => Start("/bin/true", "/bin"),
            [Ahead] = () => Start(Built.Hook, "/bin", "claude-code", "--home", Path.Combine(folder.Path, "ahead")),
            [HandedOver] = () => Start(Built.Tool, Path.GetDirectoryName(Built.Hook)!, "hook", "claude-code", "--home", Path.Combine(folder.Path, "handed-over")),
            [ByItself] = () => Start(Built.Tool, "/bin", "hook", "claude-code", "--home", Path.Combine(folder.Path, "by-itself")),
            [Sync] = () =>
            {
                RandomAccess.Write(appended, line, RandomAccess.GetLength(appended));
                DataSync.Sync(appended);
            },
        };

        var took = Names.ToDictionary(name => name, _ => new List<double>());
        for (var run = 0; run < WarmUp + runs; run++)
        {
            foreach (var name in Names)
            {
                var start = Stopwatch.GetTimestamp();
                contenders[name]();
                if (run >= WarmUp)
                    took[name].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        var figures = new Figures();
        foreach (var name in Names)
            (figures[name], figures[$"{name} least"], figures[$"{name} most"]) = (Quantiles.Median(took[name]), took[name].Min(), took[name].Max());
        return figures;
    }

    private static void Start(string program, string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true };
        start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.BaseStream.Write(Input);
            process.StandardInput.Close();
        }
        catch (IOException) when (program == "/bin/true")
        {
            // It reads nothing, and may be gone by now.
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
    }
}
