using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ToolTrail.Cli.Connect;
using ToolTrail.Cli.Output;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail connect</c> and <c>disconnect</c>: puts the trail into an agent's configuration, and takes it out again.</summary>
internal static class ConnectCommand
{
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
        return Applying(
            command,
            (parsed, agent, file) =>
            {
                var tool = ToolCommand.Current(HomeOption.IsNamed(parsed) ? parsed.LocateHome() : null);
                return agent.Connect(file, AgentFile.Read(file), tool);
            },
            Connected);
    }

    /// <summary>Makes <c>disconnect</c>.</summary>
    public static Command CreateDisconnect()
    {
        var command = new TrailCommand("disconnect", "Takes the trail out of an agent's configuration again.")
        {
            Examples = [new("tooltrail disconnect claude-code", "as it was before")],
        };
        return Applying(command, (_, agent, file) => Disconnect(agent, file), (_, connection) => Disconnected(connection));
    }

    private static TrailCommand Applying(TrailCommand command, Func<ParseResult, AgentHost, string, Connection> change, Action<AgentHost, Connection> changed)
    {
        var (host, config) = (Host(), Config());
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would change, and change nothing" };
        command.Arguments.Add(host);
        command.Options.Add(config);
        command.Options.Add(dryRun);
        command.SetAction(parsed =>
        {
            var agent = AgentHost.All.First(each => each.Name == parsed.GetRequiredValue(host));
            var file = Path.GetFullPath(parsed.GetValue(config) ?? agent.File);
            return Apply(agent, file, () => change(parsed, agent, file), parsed.GetValue(dryRun), connection => changed(agent, connection));
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

    private static Connection Disconnect(AgentHost agent, string file)
    {
        if (AgentFile.Read(file) is not { } text)
            return new Connection(file, null, null, [], [$"There is no {file}."]);
        var taken = agent.Disconnect(file, text);
        if (taken.IsNone)
            return taken;
        // Nobody touched it since: byte for byte what it was, the newest first.
        var isMade = false;
        foreach (var backup in AgentFile.Backups(file).Reverse())
        {
            var before = File.ReadAllBytes(backup);
            var isMadeOfIt = IsMadeOf(agent, before, text);
            if (taken.After.AsSpan().SequenceEqual(before) || (isMadeOfIt && !agent.IsConnected(before)))
                return taken with { After = before, Backup = backup };
            isMade |= isMadeOfIt;
        }

        return IsMadeOf(agent, null, text) ? taken with { After = null } : taken with { IsChangedSince = !isMade };
    }

    private static bool IsMadeOf(AgentHost agent, byte[]? before, byte[] text)
    {
        try
        {
            return agent.ConnectLike(agent.File, before, text).After is { } after && after.AsSpan().SequenceEqual(text);
        }
        catch (JsonException)
        {
            // Somebody changed what was kept: it is not what was there.
            return false;
        }
    }

    private static int Apply(AgentHost agent, string file, Func<Connection> plan, bool isDryRun, Action<Connection> write)
    {
        Connection connection;
        try
        {
            connection = plan();
            // Whatever goes wrong here, no host is given what it cannot read. What is brought back was there before.
            if (connection is { IsNone: false, Backup: null, After: { } after })
                Jsonc.Root(after);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(SafeText.Escape($"tooltrail: {file}, the configuration of {agent.Title}, cannot be read, and stays as it is: {WhyNot(e)}"));
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

    // Lines are counted from 1 by those who look for them.
    private static string WhyNot(Exception e) => e is JsonException { LineNumber: { } line }
        ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}: {e.Message.Split(" LineNumber:", 2)[0]}")
        : e.Message;

    private static void Connected(AgentHost agent, Connection connection)
    {
        var kept = "";
        if (connection.Before is { } before)
        {
            // Of one that is connected in part, what was there before it was at all is what is wanted back.
            var backup = AgentFile.Backups(connection.File).LastOrDefault();
            if (backup is not null && (agent.IsConnected(before) || File.ReadAllBytes(backup).AsSpan().SequenceEqual(before)))
            {
                kept = $"; what was there before it was connected is in {Path.GetFileName(backup)}";
            }
            else
            {
                backup = AgentFile.Keep(connection.File, before);
                kept = $"; what was there is in {Path.GetFileName(backup)}";
            }
        }

        AgentFile.Write(connection.File, connection.After!);
        Console.Out.WriteLine($"Done{kept}. Start the agent anew, let it use a tool, and look: tooltrail tail -f");
    }

    private static void Disconnected(Connection connection)
    {
        var kept = AgentFile.Backups(connection.File).Where(other => other != connection.Backup).Select(Path.GetFileName).ToList();
        if (connection is { After: not null, Backup: null } && kept.Count == 0)
        {
            var unknown = AgentFile.KeepUnknown(connection.File, connection.Before!);
            Console.Out.WriteLine($"There is no copy of what was there before it was connected, so what was there until now is in {Path.GetFileName(unknown)}.");
        }

        if (connection.After is { } after)
            AgentFile.Write(connection.File, after);
        else
            AgentFile.Delete(connection.File);
        if (connection.Backup is { } backup)
            File.Delete(backup);
        // Where only what was put in was taken out, what was there before may still be wanted.
        if (kept.Count > 0)
            Console.Out.WriteLine($"{(connection.IsChangedSince ? "The file was changed since it was connected, and keeps that. " : "")}What was there before is in {string.Join(", ", kept)}.");
        Console.Out.WriteLine("Done. Start the agent anew.");
    }
}
