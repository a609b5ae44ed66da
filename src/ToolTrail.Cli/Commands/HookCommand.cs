using System.CommandLine;
using ToolTrail.Cli.Connect;
using ToolTrail.Hooks;

namespace ToolTrail.Cli.Commands;

/// <summary><c>tooltrail hook</c>: what a command-line agent's hooks start. The work is the small program's, where that is at hand.</summary>
internal static class HookCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new TrailCommand(
            "hook",
            "Records what a hook of a command-line agent is told on standard input, durably, and answers with the policy's refusal if there is one. "
            + "The settings of the agent name it; the program tooltrail-hook does the same and starts faster.")
        {
            Examples =
            [
                new("tooltrail hook claude-code", "the command of Claude Code's hooks"),
                new("tooltrail hook gemini-cli --user ada", "say whose agent it is"),
            ],
        };
        var host = new Argument<string>("HOST") { Description = $"The agent: {string.Join(", ", HookHost.All.Select(each => each.Name))}", HelpName = "HOST" };
        host.AcceptOnlyFromAmong([.. HookHost.All.Select(each => each.Name)]);
        var user = new Option<string?>("--user", "-u") { Description = "On whose behalf the agent works. Default: the system's user", HelpName = "USER" };
        command.Arguments.Add(host);
        command.Options.Add(user);
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(host), parsed.GetValue(HomeOption.Instance), parsed.GetValue(user)));
        return command;
    }

    private static async Task<int> RunAsync(string host, string? home, string? user) =>
        await HookProgram.TryRunAsync([host, .. Option("--home", home), .. Option("--user", user)])
        ?? await Hooks.HookCommand.RunAsync(HookHost.Find(host)!, home, user, Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error);

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];
}
