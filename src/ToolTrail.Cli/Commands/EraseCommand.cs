using System.CommandLine;
using System.Text.Json;
using ToolTrail.Cli.Integrity;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;
using ToolTrail.Retention;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail erase</c>: takes records out of the trail for good.</summary>
internal static class EraseCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand(
            "erase", "Erases a user's records for good: of one call, of some days, or all. The trail still verifies, and tells for ever which lines were erased, when and why. Asks before it does.")
        {
            Examples =
            [
                new("tooltrail erase --user ann --id 0194a3c2-… --reason 'request 17'", "the records of one call"),
                new("tooltrail erase --user ann --from 2026-03-01 --to 2026-03-31 --reason 'request 18'", "a month"),
                new("tooltrail erase --user ann --reason 'left the company' --yes", "all that there is, without asking"),
            ],
        };
        var user = new Option<string>("--user", "-u") { Description = "Whose records", HelpName = "USER", Required = true };
        var id = new Option<string?>("--id") { Description = "Only the records of the call with this id", HelpName = "ID" };
        var from = IntegrityOptions.Day("--from", "First day. Default: the first there is");
        var to = IntegrityOptions.Day("--to", "Last day. Default: the last there is");
        var reason = new Option<string>("--reason") { Description = "Why. It stands in the seal log for ever: name nobody", HelpName = "TEXT", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        foreach (var option in new Option[] { user, id, from, to, reason, yes })
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.OpenHome(),
            new ErasureRequest
            {
                User = parsed.GetValue(user)!,
                Reason = parsed.GetValue(reason)!,
                Id = parsed.GetValue(id),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
            },
            parsed.GetValue(yes),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TrailHome home, ErasureRequest request, bool yes, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
            throw new TrailConfigurationException("--reason is empty: say why, since it is all that will be left.");
        if (request.Reason.Length > ErasureRequest.MaxReasonChars)
            throw new TrailConfigurationException($"--reason has {request.Reason.Length} characters, and may have {ErasureRequest.MaxReasonChars}: say it shorter.");
        if (!yes && !Confirm(request))
            return ExitCode.Failed;
        using var configuration = TrailConfiguration.Load(home);
        await using var recorder = ToolCallRecorder.Open(home, configuration);
        var eraser = recorder.Eraser ?? throw new TrailConfigurationException("integrity.seal is off: nothing could show what was erased. Turn it on, or remove the day files yourself.");
        ErasureReport report;
        try
        {
            report = await eraser.EraseAsync(request, cancellationToken);
        }
        catch (ErasureException e) when (e.Report is { Lines: > 0 } some)
        {
            // Who erased that much stands in the trail all the same.
            await recorder.RecordOwnAsync(OwnLines.Administration, ToolCallStatus.Error, Arguments(request, some), DeliveryMode.Durable, cancellationToken);
            throw;
        }

        await recorder.RecordOwnAsync(OwnLines.Administration, ToolCallStatus.Ok, Arguments(request, report), DeliveryMode.Durable, cancellationToken);
        Console.Out.WriteLine(report.Lines switch
        {
            0 => "There is nothing to erase.",
            1 => "Erased 1 line.",
            _ => $"Erased {report.Lines} lines in {report.Parts.Count} {(report.Parts.Count == 1 ? "file" : "files")}.",
        });
        if (report.TooShort > 0)
            Console.Error.WriteLine($"tooltrail: {report.TooShort} lines are no records and too short to hold what has to stay of them; they stand as they were.");
        return ExitCode.Done;
    }

    private static bool Confirm(ErasureRequest request)
    {
        if (Console.IsInputRedirected)
            throw new TrailConfigurationException("Nobody can be asked here whether to erase: say --yes.");
        Console.Error.Write(SafeText.Escape($"Erase {Describe(request)} for good? [y/N] "));
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static string Describe(ErasureRequest request)
    {
        var days = request is { From: null, To: null } ? "" : $" from {request.From?.ToString("O") ?? "the first day"} to {request.To?.ToString("O") ?? "the last"}";
        return $"{(request.Id is null ? "all records" : $"the records of call '{request.Id}'")} of user '{request.User}'{days}";
    }

    // Not the call's id: a key to what was erased is part of it.
    private static byte[] Arguments(ErasureRequest request, ErasureReport report) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        action = "erase",
        by = $"{Environment.UserName} (command line)",
        user = request.User,
        from = request.From,
        to = request.To,
        lines = report.Lines,
        reason = request.Reason,
    });
}
