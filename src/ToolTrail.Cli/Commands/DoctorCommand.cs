using System.CommandLine;
using Spectre.Console;
using ToolTrail.Cli.Doctor;
using ToolTrail.Cli.Output;
using ToolTrail.Home;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail doctor</c>: a check-up of the home.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("doctor", "Says in plain words what is set up, what is not, and what to do. Exits with 1 if something is wrong.")
        {
            Examples =
            [
                new("tooltrail doctor", "check the home that this user's processes share"),
                new("tooltrail doctor --home /srv/trail", "check another"),
            ],
        };
        command.SetAction((parsed, _) => RunAsync(parsed.OpenHomeForReading(), HomeOption.Origin(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, string origin)
    {
        var screen = Screen.Standard();
        var wrong = 0;
        await foreach (var finding in FindAsync(home, origin))
        {
            Write(screen, finding);
            screen.Flush();
            if (finding.Verdict == Verdict.Wrong)
                wrong++;
        }

        screen.WriteLine("");
        screen.WriteLine(wrong switch { 0 => "Nothing is wrong.", 1 => "1 thing is wrong.", _ => $"{wrong} things are wrong." });
        screen.Flush();
        return wrong == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async IAsyncEnumerable<Finding> FindAsync(TrailHome home, string origin)
    {
        yield return HomeChecks.Place(home, origin);
        yield return HomeChecks.Disk(home);
        yield return HomeChecks.Writing(home);
        yield return TrailChecks.Configuration(home);
        if (HomeChecks.IsMade(home))
        {
            await foreach (var finding in FindInTrailAsync(home))
                yield return finding;
        }

        await foreach (var finding in HostChecks.FindAsync(home, TimeProvider.System))
            yield return finding;
    }

    private static async IAsyncEnumerable<Finding> FindInTrailAsync(TrailHome home)
    {
        if (!OperatingSystem.IsWindows())
            yield return PermissionCheck.Find(home);
        foreach (var finding in TrailChecks.Locks(home))
            yield return finding;
        yield return TrailChecks.Seals(home);
        yield return TrailChecks.Keys(home, TimeProvider.System);
        await foreach (var finding in TrailChecks.RecordsAsync(home, TimeProvider.System))
            yield return finding;
    }

    private static void Write(Screen screen, Finding finding)
    {
        var verdict = finding.Verdict switch
        {
            Verdict.Good => new Cell("ok   ", new Style(Color.Green)),
            Verdict.Note => new Cell("note ", new Style(Color.Yellow)),
            _ => new Cell("WRONG", new Style(Color.Red, decoration: Decoration.Bold)),
        };
        screen.WriteLine([verdict, $"  {finding.Subject,-15}", SafeText.Escape(finding.Text)]);
        if (finding.Advice is not null)
            screen.WriteLine($"       {"",-15}-> {SafeText.Escape(finding.Advice)}");
    }
}
