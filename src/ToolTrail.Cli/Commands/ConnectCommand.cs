using System.CommandLine;
using System.Text.Json;
using ToolTrail.Cli.Connect;
using ToolTrail.Cli.Output;
using ToolTrail.Storage;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail connect</c> and <c>disconnect</c>: puts the trail into an agent's configuration, and takes it out again.</summary>
internal static class ConnectCommand
{
    // Beside the file, so that whoever looks for what was there finds it.
    private const string BackupExtension = ".before-tooltrail";

    /// <summary>Makes <c>connect</c>.</summary>
    public static Command Create()
    {
        var command = new TrailCommand(
            "connect", "Puts the trail into an agent's configuration: the proxy before each of its MCP servers, or hooks. What was there is kept beside it, and 'disconnect' brings it back.")
        {
            Examples =
            [
                new("tooltrail connect claude-code", "record every tool call of Claude Code"),
                new("tooltrail connect vscode --dry-run", "see what would change"),
                new("tooltrail connect cursor --config .cursor/mcp.json", "the servers of one project"),
            ],
        };
        var (host, config) = (Host(), Config());
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing" };
        command.Arguments.Add(host);
        command.Options.Add(config);
        command.Options.Add(dryRun);
        command.SetAction(parsed =>
        {
            var agent = AgentHost.All.First(each => each.Name == parsed.GetRequiredValue(host));
            var isNamed = HomeOption.Origin(parsed) != "the system's default";
            var tool = ToolCommand.Current(isNamed ? parsed.LocateHome() : null);
            var file = Path.GetFullPath(parsed.GetValue(config) ?? agent.File);
            return Apply(agent, () => agent.Connect(file, Read(file), tool), parsed.GetValue(dryRun), Connected);
        });
        return command;
    }

    /// <summary>Makes <c>disconnect</c>.</summary>
    public static Command CreateDisconnect()
    {
        var command = new TrailCommand("disconnect", "Takes the trail out of an agent's configuration again.")
        {
            Examples = [new("tooltrail disconnect claude-code", "as it was before")],
        };
        var (host, config) = (Host(), Config());
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing" };
        command.Arguments.Add(host);
        command.Options.Add(config);
        command.Options.Add(dryRun);
        command.SetAction(parsed =>
        {
            var agent = AgentHost.All.First(each => each.Name == parsed.GetRequiredValue(host));
            var isNamed = HomeOption.Origin(parsed) != "the system's default";
            var tool = ToolCommand.Current(isNamed ? parsed.LocateHome() : null);
            var file = Path.GetFullPath(parsed.GetValue(config) ?? agent.File);
            return Apply(agent, () => Disconnect(agent, file, tool), parsed.GetValue(dryRun), Disconnected);
        });
        return command;
    }

    private static Argument<string> Host()
    {
        var host = new Argument<string>("HOST") { Description = $"The agent: {string.Join(", ", AgentHost.All.Select(each => each.Name))}", HelpName = "HOST" };
        host.AcceptOnlyFromAmong([.. AgentHost.All.Select(each => each.Name)]);
        return host;
    }

    private static Option<string?> Config() => new("--config") { Description = "Its configuration. Default: the user's own", HelpName = "FILE" };

    private static Connection Disconnect(AgentHost agent, string file, ToolCommand tool)
    {
        if (Read(file) is not { } text)
            return new Connection(file, null, [], [], [$"There is no {file}."]);
        var taken = agent.Disconnect(file, text);
        // Nobody touched it since: byte for byte what it was.
        var backup = Read(file + BackupExtension);
        if (backup is null && agent.Connect(file, null, tool).After.AsSpan().SequenceEqual(text))
            return taken with { After = [] };
        return backup is not null && agent.Connect(file, backup, tool).After.AsSpan().SequenceEqual(text) ? taken with { After = backup } : taken;
    }

    private static int Apply(AgentHost agent, Func<Connection> plan, bool isDryRun, Action<Connection> write)
    {
        Connection connection;
        try
        {
            connection = plan();
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"tooltrail: the configuration of {agent.Title} is no JSON that can be read, and stays as it is: {e.Message}");
            return ExitCode.Failed;
        }

        Console.Out.WriteLine($"{agent.Title}: {SafeText.Escape(connection.File)}");
        foreach (var change in connection.Changes)
            Console.Out.WriteLine(SafeText.Escape($"  {change}"));
        foreach (var left in connection.Left)
            Console.Out.WriteLine(SafeText.Escape($"  {left}"));
        if (connection.IsNone)
            Console.Out.WriteLine("Nothing changes.");
        else if (isDryRun)
            Console.Out.WriteLine("Nothing was changed: --dry-run.");
        else
            write(connection);
        return ExitCode.Done;
    }

    private static void Connected(Connection connection)
    {
        // The first one stands: what is connected a second time was changed here before.
        var backup = connection.File + BackupExtension;
        if (connection.Before is { } before && !File.Exists(backup))
            Write(backup, before, ModeOf(connection.File));
        Write(connection.File, connection.After, ModeOf(connection.File));
        Console.Out.WriteLine($"Done{(connection.Before is null ? "" : $"; what was there is in {Path.GetFileName(backup)}")}. Start the agent anew, let it use a tool, and look: tooltrail tail -f");
    }

    private static void Disconnected(Connection connection)
    {
        if (connection.After.Length == 0)
            File.Delete(connection.File);
        else
            Write(connection.File, connection.After, ModeOf(connection.File));
        File.Delete(connection.File + BackupExtension);
        Console.Out.WriteLine("Done. Start the agent anew.");
    }

    private static byte[]? Read(string file) => File.Exists(file) ? File.ReadAllBytes(file) : null;

    // What holds a server's secrets may be its owner's alone, and so is what is copied from it.
    private static UnixFileMode? ModeOf(string file) => !OperatingSystem.IsWindows() && File.Exists(file) ? File.GetUnixFileMode(file) : null;

    // Whole or not at all: the host may read at any time. A link stays one.
    private static void Write(string file, byte[] bytes, UnixFileMode? mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var target = new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
        DurableFile.Write(target, bytes);
        if (!OperatingSystem.IsWindows() && mode is { } known)
            File.SetUnixFileMode(target, known);
    }
}
