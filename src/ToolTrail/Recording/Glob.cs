namespace ToolTrail.Recording;

/// <summary>A pattern over a name: <c>*</c> is any run of characters, <c>?</c> one; everything else is itself. Case matters.</summary>
public static class Glob
{
    /// <summary>Whether the whole name matches. A <c>null</c> pattern matches everything, also an absent name.</summary>
    public static bool IsMatch(string? pattern, string? name) => pattern is null or "*" || Matches(pattern, name ?? "");

    /// <summary>The most specific of the rules that match a tool: the name itself, else the most literal characters, else the first; <c>null</c>: none matches.</summary>
    internal static T? MostSpecific<T>(IReadOnlyList<T> rules, Func<T, string> pattern, string tool, string? server)
        where T : class
    {
        if (rules.Count == 0)
            return null;
        var own = ToolNames.OwnOf(tool, server);
        T? best = null;
        foreach (var rule in rules)
        {
            if (ToolNames.IsMatch(pattern(rule), tool, own) && (best is null || Specificity(pattern(rule)) > Specificity(pattern(best))))
                best = rule;
        }

        return best;
    }

    // Not the file system's: that takes a backslash (DOMAIN\user) for an escape. Where the name does not go on as the pattern
    // does, the last run takes one character more; the runs before it never need to.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, from, star, behindStar) = (0, 0, -1, 0);
        while (from < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, behindStar) = (at++, from);
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[from]))
                (at, from) = (at + 1, from + 1);
            else if (star >= 0)
                (at, from) = (star + 1, ++behindStar);
            else
                return false;
        }

        return !pattern[at..].ContainsAnyExcept('*');
    }

    private static int Specificity(string pattern)
    {
        var literal = 0;
        foreach (var c in pattern)
            literal += c is '*' or '?' ? 0 : 1;
        return literal == pattern.Length ? int.MaxValue : literal;
    }
}
