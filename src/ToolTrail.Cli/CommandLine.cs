using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ToolTrail.Home;
using ToolTrail.Integrity;
using ToolTrail.Recording;
using ToolTrail.Retention;
using ToolTrail.Sealing;
using ToolTrail.Server.Keys;
using ToolTrail.Verification;

namespace ToolTrail.Cli;

/// <summary>Parses and runs a command line; the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    private const string Description =
        "ToolTrail, the flight recorder for AI agents: every tool call in a trail that you can read with grep.";

    // What is queued is written and synced first.
    private static readonly TimeSpan EndAfterSignal = TimeSpan.FromSeconds(30);

    /// <summary>Runs one of the commands.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="commands">The commands there are.</param>
    /// <returns>One of <see cref="ExitCode"/>, or what the command says.</returns>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<Command> commands)
    {
        var root = new RootCommand(Description);
        root.Options.Add(HomeOption.Instance);
        foreach (var command in commands)
            root.Subcommands.Add(command);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.Length == 0)
            return await NothingTypedAsync(root);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
            return WrongUsage(parsed);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = EndAfterSignal });
        }
        catch (Exception exception)
        {
            // The end of the line for every failure: said once, in words, with its exit code.
            return Explain(exception);
        }
    }

    private static async Task<int> NothingTypedAsync(RootCommand root)
    {
        await root.Parse(["--help"]).InvokeAsync();
        return ExitCode.Usage;
    }

    private static int WrongUsage(ParseResult parsed)
    {
        // Of a command that there is not, only that is told, and not that one is missing.
        var isUnknown = parsed.CommandResult.Command.Action is null && parsed.UnmatchedTokens.Count > 0;
        foreach (var error in parsed.Errors.Where(error => !isUnknown || parsed.UnmatchedTokens.Any(token => error.Message.Contains(token, StringComparison.Ordinal))))
            Console.Error.WriteLine($"tooltrail: {error.Message}");
        Console.Error.WriteLine($"See '{NameOf(parsed.CommandResult)} --help'.");
        return ExitCode.Usage;
    }

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "tooltrail";

    private static int Explain(Exception exception)
    {
        var (code, message) = exception switch
        {
            OperationCanceledException => (ExitCode.Interrupted, null),
            TrailHomeException or TrailConfigurationException or ApiKeyException => (ExitCode.Usage, exception.Message),
            IntegrityFormatException => (ExitCode.Usage, exception.Message),
            SealingException or ProofException or ErasureException => (ExitCode.Failed, exception.Message),
            TrailWriteException => (ExitCode.WriteFailed, exception.Message),
            IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
            _ => (ExitCode.Failed, $"this should not happen, please report it: {exception}"),
        };
        if (message is not null)
            Console.Error.WriteLine($"tooltrail: {message}");
        return code;
    }
}
