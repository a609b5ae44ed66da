using ToolTrail.Recording;

namespace ToolTrail.Home;

/// <summary>How long records are kept, and how.</summary>
public sealed record RetentionSettings
{
    /// <summary>Days that records of users whom no rule names are kept; <c>null</c> (default): for ever. Older records are refused when they are ingested.</summary>
    public int? Days { get; init; }

    /// <summary>Exceptions by user: ordered, first match wins.</summary>
    public IReadOnlyList<RetentionRule> Rules { get; init; } = [];

    /// <summary>Globs over the names of users of whom nothing is removed or erased, whatever the rules say: a legal hold.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    /// <summary>Days after which a closed day is compressed; <c>null</c> (default): never, so that <c>grep</c> reads all of them.</summary>
    public int? CompressAfterDays { get; init; }

    /// <summary>Days that a user's records are kept; <c>null</c>: for ever.</summary>
    public int? DaysOf(string user) => IsHeld(user) ? null : Rules.FirstOrDefault(rule => Glob.IsMatch(rule.User, user)) is { } rule ? rule.Days : Days;

    /// <summary>Whether nothing of a user may be removed or erased.</summary>
    public bool IsHeld(string user) => Holds.Any(glob => Glob.IsMatch(glob, user));
}
