using System.CommandLine;
using ToolTrail.Cli.Integrity;
using ToolTrail.Cli.Output;
using ToolTrail.Integrity;
using ToolTrail.Verification;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail verify-proof</c>: checks the proof of one line, anywhere.</summary>
internal static class VerifyProofCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("verify-proof", "Checks a proof that 'tooltrail prove' made. Needs no trail: only the verifier key, the proof and the line. Exits with 1 if it does not hold.")
        {
            Examples =
            [
                new("tooltrail verify-proof line.tlog-proof --key keys.txt --line line.json", "the line in a file"),
                new("tooltrail verify-proof line.tlog-proof --key keys.txt --line - < line.json", "the line on standard input"),
            ],
        };
        var proof = new Argument<string>("PROOF") { Description = "The file of the proof" };
        var key = IntegrityOptions.Key();
        key.Required = true;
        var line = new Option<string>("--line") { Description = "The file of the line, with or without its line feed; - is standard input", HelpName = "FILE", Required = true };
        var witness = new Option<string[]>("--witness") { Description = "The key of a witness that has to have cosigned; may be repeated. With it a proof counts whose head is signed by a key that was retired since", HelpName = "KEY" };
        command.Options.Add(witness);
        command.Arguments.Add(proof);
        command.Options.Add(key);
        command.Options.Add(line);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var keys = await IntegrityOptions.ReadKeysAsync(parsed.GetValue(key)!, cancellationToken);
            var text = await IntegrityOptions.ReadTextAsync(parsed.GetValue(proof)!, cancellationToken);
            var bytes = await IntegrityOptions.ReadBytesAsync(parsed.GetValue(line)!, cancellationToken);
            WitnessKey[] witnesses = [.. (parsed.GetValue(witness) ?? []).Select(WitnessKey.Parse)];
            return Write(ProvenLine.Check(text, WithoutLineFeed(bytes), keys, witnesses), witnesses);
        });
        return command;
    }

    private static ReadOnlySpan<byte> WithoutLineFeed(byte[] line) => line is [.. var text, (byte)'\n'] ? text : line;

    private static int Write(ProvenLine proven, IReadOnlyList<WitnessKey> witnesses)
    {
        var screen = Screen.Standard();
        screen.WriteLine($"The line is number {proven.Line} of the {proven.Checkpoint.Size} lines of '{SafeText.Escape(proven.Checkpoint.Origin)}' that were sealed");
        screen.WriteLine($"in entry {proven.SealIndex} of the {proven.Head.Checkpoint.Size} entries of the seal log of '{SafeText.Escape(proven.Head.Checkpoint.Origin)}'.");
        var missing = false;
        foreach (var witness in witnesses)
        {
            var at = witness.CosignedAt(proven.Head.Note);
            missing |= at is null;
            screen.WriteLine(at is null ? $"'{SafeText.Escape(witness.Name)}' did not cosign that head." : $"'{SafeText.Escape(witness.Name)}' cosigned that head on {at:u}.");
        }

        screen.Flush();
        return missing ? ExitCode.Failed : ExitCode.Done;
    }
}
