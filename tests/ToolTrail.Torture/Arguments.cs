using System.Globalization;

namespace ToolTrail.Torture;

/// <summary>What the command line asks for.</summary>
/// <param name="Faults">Which rows.</param>
/// <param name="Scale">Share of a full run's rounds and times, above 0.</param>
internal sealed record Arguments(IReadOnlyList<IFault> Faults, double Scale)
{
    /// <summary>Reads the command line.</summary>
    /// <param name="args">The words.</param>
    /// <param name="all">All rows.</param>
    /// <param name="arguments">What they say.</param>
    /// <param name="problem">What is wrong with them.</param>
    public static bool TryParse(IReadOnlyList<string> args, IReadOnlyList<IFault> all, out Arguments arguments, out string problem)
    {
        arguments = new Arguments([], 1);
        problem = "";
        double? minutes = null;
        var chosen = new List<IFault>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--minutes" && i + 1 < args.Count && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                minutes = number;
                i++;
            }
            else if (all.FirstOrDefault(fault => fault.Key == args[i]) is { } fault)
            {
                chosen.Add(fault);
            }
            else
            {
                problem = $"'{args[i]}' is no row. Usage: ./torture.sh [--minutes N] [row ...], with the rows {string.Join(", ", all.Select(row => row.Key))}.";
                return false;
            }
        }

        var faults = chosen.Count > 0 ? chosen : all;
        arguments = new Arguments(faults, minutes is { } wanted ? wanted / faults.Sum(fault => fault.FullRun.TotalMinutes) : 1);
        return true;
    }
}
