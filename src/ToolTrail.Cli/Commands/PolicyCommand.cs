using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolTrail.Cli.Output;
using ToolTrail.Home;
using ToolTrail.Recording;
using ToolTrail.Records;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail policy</c>: what the configuration says of a call, before an agent makes it.</summary>
internal static class PolicyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("policy", "Says what would happen to a call, and why.")
        {
            Examples = [new("tooltrail policy test --user ann --tool deploy", "may ann call deploy?")],
        };
        command.Subcommands.Add(Test());
        return command;
    }

    private static TrailCommand Test()
    {
        var command = new TrailCommand(
            "test", "Says whether a call would run, by which rule, and how it would be recorded. Exits with 0 when it is allowed, with 1 when it is denied.")
        {
            Examples =
            [
                new("tooltrail policy test --user ann --tool deploy", "may ann call deploy?"),
                new("tooltrail policy test --user ann --tool write_file --server files --agent coder", "of one server, by one agent"),
            ],
        };
        var user = new Option<string>("--user", "-u") { Description = "On whose behalf the call would be made", HelpName = "USER", Required = true };
        var tool = new Option<string>("--tool", "-t") { Description = "The tool's name", HelpName = "TOOL", Required = true };
        var agent = new Option<string?>("--agent") { Description = "The agent's name", HelpName = "NAME" };
        var server = new Option<string?>("--server") { Description = "The MCP server's name", HelpName = "NAME" };
        var json = JsonOption.Object();
        foreach (var option in new Option[] { user, tool, agent, server, json })
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var call = new ToolCallRecord
            {
                User = parsed.GetRequiredValue(user),
                Tool = parsed.GetRequiredValue(tool),
                Agent = parsed.GetValue(agent),
                Server = parsed.GetValue(server),
            };
            using var configuration = TrailConfiguration.Load(parsed.OpenHomeForReading());
            return Answer(call, configuration.Current, parsed.GetValue(json));
        });
        return command;
    }

    private static int Answer(ToolCallRecord call, TrailSettings settings, bool json)
    {
        var mismatches = settings.Policy.Select(rule => rule.MismatchOf(call)).TakeWhile(mismatch => mismatch is not null).ToList();
        var rule = settings.Policy.ElementAtOrDefault(mismatches.Count);
        var isDenied = rule is { Effect: PolicyEffect.Deny };
        var screen = Screen.Standard();
        if (json)
            screen.WriteStored(Encode(isDenied, rule, mismatches.Count, call, settings));
        else
            Write(screen, isDenied, rule, mismatches, call, settings);
        screen.Flush();
        return isDenied ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Write(
        Screen screen, bool isDenied, PolicyRule? rule, List<string?> mismatches, ToolCallRecord call, TrailSettings settings)
    {
        var status = isDenied ? StatusStyle.Cell(ToolCallStatus.Denied.Value) : new Cell("allowed");
        var why = rule is null
            ? settings.Policy.Count == 0 ? ": there is no policy" : ": no rule matches"
            : string.Create(CultureInfo.InvariantCulture, $" by rule '{rule.Name}' (policy[{mismatches.Count}]){(rule.Reason is null ? "" : $": {rule.Reason}")}");
        screen.WriteLine([status, SafeText.Escape(why)]);
        for (var i = 0; i < mismatches.Count; i++)
            screen.WriteLine(SafeText.Escape(string.Create(CultureInfo.InvariantCulture, $"  policy[{i}] '{settings.Policy[i].Name}' does not match: its {mismatches[i]} is '{GlobOf(settings.Policy[i], mismatches[i])}'")));

        var level = settings.LevelOf(call.Tool, call.Server);
        var delivery = settings.Delivery.Of(call.Tool, call.Server);
        screen.WriteLine(level == RecordLevel.None
            ? "not recorded: its level is none"
            : $"recorded: level {Lower(level)}, delivery {Lower(delivery.Mode)}, {Lower(delivery.OnFailure)} when it cannot be written");
    }

    private static string? GlobOf(PolicyRule rule, string? member) => member switch
    {
        "user" => rule.User,
        "agent" => rule.Agent,
        "tool" => rule.Tool,
        _ => rule.Server,
    };

    private static ReadOnlySpan<byte> Encode(bool isDenied, PolicyRule? rule, int index, ToolCallRecord call, TrailSettings settings)
    {
        var delivery = settings.Delivery.Of(call.Tool, call.Server);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("effect", isDenied ? "deny" : "allow");
        if (rule is not null)
        {
            writer.WriteString("rule", rule.Name);
            writer.WriteNumber("index", index);
            if (rule.Reason is not null)
                writer.WriteString("reason", rule.Reason);
        }

        writer.WriteString("level", Lower(settings.LevelOf(call.Tool, call.Server)));
        writer.WriteString("delivery", Lower(delivery.Mode));
        writer.WriteString("on_failure", Lower(delivery.OnFailure));
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }

    // As the configuration spells it.
    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
