using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ToolTrail.Cli.Output;
using ToolTrail.Home;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail config</c>: what is configured, and where it comes from.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand("config", "Shows and checks the configuration that every process on the home shares.")
        {
            Examples =
            [
                new("tooltrail config show", "each value and where it comes from"),
                new("tooltrail config validate", "check the file after an edit"),
                new("$EDITOR \"$(tooltrail config path)\"", "edit it"),
            ],
        };
        command.Subcommands.Add(Show());
        command.Subcommands.Add(FilePath());
        command.Subcommands.Add(Validate());
        return command;
    }

    private static TrailCommand Show()
    {
        var command = new TrailCommand("show", "Shows each value and where it comes from: default, the file, or an environment variable.")
        {
            Examples = [new("tooltrail config show --json | jq '.[\"delivery.mode\"]'", "one value, for programs")],
        };
        var json = JsonOption.Object();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using var configuration = TrailConfiguration.Load(parsed.OpenHomeForReading());
            var screen = Screen.Standard();
            if (parsed.GetValue(json))
                screen.WriteStored(Encode(configuration.Values()));
            else
                WriteTable(screen, configuration.Values());
            screen.Flush();
            return ExitCode.Done;
        });
        return command;
    }

    private static TrailCommand FilePath()
    {
        var command = new TrailCommand("path", "Prints where the configuration file is, or would be.")
        {
            Examples = [new("$EDITOR \"$(tooltrail config path)\"", "edit it")],
        };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(TrailConfiguration.FileOf(parsed.OpenHomeForReading()));
            return ExitCode.Done;
        });
        return command;
    }

    private static TrailCommand Validate()
    {
        var command = new TrailCommand("validate", "Checks the file and the environment variables; says line and reason of what is wrong, and exits with 2.")
        {
            Examples = [new("tooltrail config validate", "check the file after an edit")],
        };
        command.SetAction(parsed =>
        {
            var home = parsed.OpenHomeForReading();
            TrailConfiguration.Load(home).Dispose();
            var file = TrailConfiguration.FileOf(home);
            Console.Out.WriteLine(File.Exists(file) ? $"{file} is valid." : $"There is no {file}: the defaults hold.");
            return ExitCode.Done;
        });
        return command;
    }

    

    private static void WriteTable(Screen screen, IReadOnlyList<ConfigurationValue> values)
    {
        var table = new TextTable(screen, "KEY", "VALUE", "FROM");
        table.Write([.. values.Select(value => new Cell[] { value.Path, SafeText.Escape(value.Value), SafeText.Escape(value.Source) })]);
    }

    private static ReadOnlySpan<byte> Encode(IReadOnlyList<ConfigurationValue> values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        foreach (var value in values)
        {
            writer.WriteStartObject(value.Path);
            writer.WritePropertyName("value");
            writer.WriteRawValue(value.Value);
            writer.WriteString("source", value.Source);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
