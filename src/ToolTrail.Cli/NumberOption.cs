using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ToolTrail.Cli;

/// <summary>Options that take a whole number.</summary>
internal static class NumberOption
{
    /// <summary>The <c>--days</c> option.</summary>
    public static Option<int> Days()
    {
        var days = Create("--days", "-d", "Calendar days to look back, today included", 1, 36_500);
        days.DefaultValueFactory = _ => 7;
        return days;
    }

    /// <summary>An option whose number lies in a range.</summary>
    public static Option<int> Create(string name, string alias, string description, int least, int most = int.MaxValue) => new(name, alias)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, name, least, most),
    };

    private static int Parse(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            result.AddError($"{name} takes a whole number, and '{text}' is none.");
        else if (number < least || number > most)
            result.AddError(most == int.MaxValue ? $"{name} must be at least {least}, and is {number}." : $"{name} must be from {least} to {most}, and is {number}.");
        return number;
    }
}
