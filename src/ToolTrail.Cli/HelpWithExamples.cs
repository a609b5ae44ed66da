using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ToolTrail.Cli;

/// <summary>System.CommandLine's help, and after it a command's examples, or the exit codes for the tool as a whole.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction _help;

    /// <param name="help">The help that comes first.</param>
    public HelpWithExamples(HelpAction help) => _help = help;

    public override bool ClearsParseErrors => _help.ClearsParseErrors;

    public override int Invoke(ParseResult parseResult)
    {
        var result = _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        switch (parseResult.CommandResult.Command)
        {
            case TrailCommand { Examples.Count: > 0 } command:
                WriteTwoColumns(output, "Examples:", [.. command.Examples.Select(example => (example.CommandLine, example.Purpose))]);
                break;
            case RootCommand:
                WriteTwoColumns(output, "Exit codes:", [.. ExitCode.All.Select(code => ($"{code.Code}", code.Meaning))]);
                break;
        }

        return result;
    }

    private static void WriteTwoColumns(TextWriter output, string title, (string Left, string Right)[] rows)
    {
        const int Widest = 60;
        var width = rows.Where(row => row.Left.Length <= Widest).Max(row => (int?)row.Left.Length) ?? 0;
        output.WriteLine(title);
        foreach (var (left, right) in rows)
        {
            if (left.Length <= Widest)
            {
                output.WriteLine($"  {left.PadRight(width)}  {right}");
            }
            else
            {
                output.WriteLine($"  {left}");
                output.WriteLine($"  {new string(' ', width)}  {right}");
            }
        }

        output.WriteLine();
    }
}
