using System.CommandLine;
using ToolTrail.Reading;
using ToolTrail.Records;

namespace ToolTrail.Cli;

/// <summary>The options that choose records.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _user = new("--user", "-u") { Description = "Only this user's calls. Default: all users'", HelpName = "USER" };

    private readonly Option<int> _days = NumberOption.Days();
    private readonly Option<string?> _tool = new("--tool", "-t") { Description = "Only tools that match: * is any run of characters, ? is one", HelpName = "GLOB" };
    private readonly Option<string?> _status = new("--status", "-s") { Description = "Only calls that ended so: ok, error, denied, cancelled, timeout, started, lost", HelpName = "STATUS" };
    private readonly Option<string?> _agent = new("--agent") { Description = "Only calls of agents that match", HelpName = "GLOB" };
    private readonly Option<string?> _session = new("--session") { Description = "Only this session's calls", HelpName = "ID" };
    private readonly Option<string?> _source = new("--source") { Description = "Only what this capture told: claude-code, mcp-proxy, otlp, ...", HelpName = "NAME" };

    /// <summary>Adds the options to a command.</summary>
    public SelectionOptions(Command command)
    {
        _status.CompletionSources.Add("ok", "error", "denied", "cancelled", "timeout", "started", "lost", "recovered");
        command.Options.Add(_user);
        command.Options.Add(_days);
        command.Options.Add(_tool);
        command.Options.Add(_status);
        command.Options.Add(_agent);
        command.Options.Add(_session);
        command.Options.Add(_source);
    }

    /// <summary>What the command line chose.</summary>
    public Selection Read(ParseResult parsed) => new(
        parsed.GetValue(_user),
        parsed.GetValue(_days),
        new RecordFilter
        {
            Tool = parsed.GetValue(_tool),
            Agent = parsed.GetValue(_agent),
            Session = parsed.GetValue(_session),
            Source = parsed.GetValue(_source),
            Status = parsed.GetValue(_status) is { Length: > 0 } status ? new ToolCallStatus(status) : null,
        });
}
