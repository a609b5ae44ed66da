using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ToolTrail.Cli.Integrity;
using ToolTrail.Verification;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail prove</c>: the proof of one line.</summary>
internal static class ProveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("prove", "Prints the proof (C2SP tlog-proof) that a line stands in the trail, for somebody who has only the verifier key and the line.")
        {
            Examples =
            [
                new("tooltrail prove --user ann --day 2026-03-14 --line 41 > line.tlog-proof", "the proof of line 41, counted from 0"),
                new("sed -n 42p ~/.local/share/tooltrail/ann/tool_audit/2026-03-14.jsonl > line.json", "the line itself, which sed counts from 1"),
            ],
        };
        var user = new Option<string>("--user", "-u") { Description = "Whose line", HelpName = "USER", Required = true };
        var day = IntegrityOptions.Day("--day", "The day of its file");
        day.Required = true;
        var line = new Option<long>("--line") { Description = "Its number in the file, from 0", HelpName = "N", Required = true };
        var part = new Option<int>("--part") { Description = "The part of the day, from 1. Default: 1", HelpName = "P", DefaultValueFactory = _ => 1 };
        line.Validators.Add(result => Least(result, 0));
        part.Validators.Add(result => Least(result, 1));
        foreach (var option in new Option[] { user, day, line, part })
            command.Options.Add(option);
        command.SetAction((parsed, _) =>
        {
            var home = parsed.OpenHomeForReading();
            var proof = new TrailProver(home, home.OpenSealLog()).Prove(parsed.GetValue(user)!, parsed.GetValue(day)!.Value, parsed.GetValue(line), parsed.GetValue(part));
            Console.Out.Write(proof.ToString());
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Least(OptionResult result, long least)
    {
        if (result.Tokens.Count > 0 && long.TryParse(result.Tokens[^1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number < least)
            result.AddError($"{result.Option.Name} is counted from {least}.");
    }
}
