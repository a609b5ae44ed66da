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

    /// <summary>Adds the options to a command.</summary>
    public SelectionOptions(Command command)
    {
        _status.CompletionSources.Add("ok", "error", "denied", "cancelled", "timeout", "started", "lost", "recovered");
        command.Options.Add(_user);
        command.Options.Add(_days);
        command.Options.Add(_tool);
        command.Options.Add(_status);
    }

    /// <summary>What the command line chose.</summary>
    public Selection Read(ParseResult parsed) => new(
        parsed.GetValue(_user),
        parsed.GetValue(_days),
        new RecordFilter
        {
            Tool = parsed.GetValue(_tool),
            Status = parsed.GetValue(_status) is { Length: > 0 } status ? new ToolCallStatus(status) : null,
        });
}
