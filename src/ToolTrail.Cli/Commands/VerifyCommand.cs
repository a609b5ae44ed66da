using System.CommandLine;
using ToolTrail.Cli.Integrity;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Verification;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail verify</c>: whether the trail is what was recorded.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("verify", "Recomputes the trail from its bytes, holds it against everything that was signed, and names what was changed. Exits with 1 if anything was found.")
        {
            Examples =
            [
                new("tooltrail verify", "the whole trail"),
                new("tooltrail verify --user ann --from 2026-03-01 --to 2026-03-31", "ann's March"),
                new("tooltrail verify --trusted-head march.head", "also whether anything was rewritten since that head was kept"),
                new("tooltrail verify --home /mnt/copy --key keys.txt", "a copy, by the keys that its owner gave you"),
            ],
        };
        var user = new Option<string?>("--user", "-u") { Description = "Only this user's parts. Default: all users'", HelpName = "USER" };
        var from = IntegrityOptions.Day("--from", "First day. Default: the first there is");
        var to = IntegrityOptions.Day("--to", "Last day. Default: the last there is");
        var head = new Option<string?>("--trusted-head") { Description = "A file with a head that was kept elsewhere, as 'tooltrail head' prints it; - is standard input", HelpName = "FILE" };
        var key = IntegrityOptions.Key();
        var json = JsonOption.Object();
        foreach (var option in new Option[] { user, from, to, head, key, json })
            command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(from) > parsed.GetValue(to))
            {
                Console.Error.WriteLine("tooltrail: --from is after --to: no day would be verified.");
                return ExitCode.Usage;
            }

            var home = parsed.OpenHomeForReading();
            var kept = parsed.GetValue(head) is { } path ? SignedNote.Parse(await IntegrityOptions.ReadBytesAsync(path, cancellationToken)) : null;
            var keys = parsed.GetValue(key) is { } file ? await IntegrityOptions.ReadKeysAsync(file, cancellationToken) : home.OwnKeys();
            if (home.Installation.Length == 0)
            {
                Console.Out.WriteLine($"There is nothing to verify in '{home.Path}': no trail was ever written there.");
                return ExitCode.Done;
            }

            return Run(home, parsed.GetValue(user), parsed.GetValue(json), progress => new VerifyOptions
            {
                User = parsed.GetValue(user),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                Keys = keys,
                TrustedHead = kept,
                Witnesses = home.Witnesses(),
                Progress = progress,
            }, cancellationToken);
        });
        return command;
    }

    private static int Run(TrailHome home, string? user, bool json, Func<Action<long>?, VerifyOptions> options, CancellationToken cancellationToken)
    {
        var verifier = new TrailVerifier(home);
        var total = verifier.Measure(options(null));
        TrailVerdict verdict;
        using (var progress = new ProgressBar(total))
            verdict = verifier.Verify(options(progress.Advance), cancellationToken);
        // A check of a user whose name is misspelled must not pass.
        if (user is not null && verdict is { IsIntact: true, Parts.Count: 0 } && !home.UserFolders().Contains(home.UserFolder(user)))
        {
            Console.Error.WriteLine($"tooltrail: nothing was verified: '{home.Path}' has no user '{user}', and its seal log knows of none.");
            return ExitCode.Usage;
        }

        var screen = Screen.Standard();
        if (json)
            screen.WriteStored(VerdictJson.Encode(verdict));
        else
            VerdictText.Write(screen, verdict);
        screen.Flush();
        return verdict.IsIntact ? ExitCode.Done : ExitCode.Failed;
    }
}
