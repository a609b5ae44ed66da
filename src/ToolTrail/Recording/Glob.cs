using System.IO.Enumeration;

namespace ToolTrail.Recording;

/// <summary>A pattern over a name: <c>*</c> is any run of characters, <c>?</c> one; everything else is itself. Case matters.</summary>
public static class Glob
{
    /// <summary>Whether the whole name matches. A <c>null</c> pattern matches everything, also an absent name.</summary>
    public static bool IsMatch(string? pattern, string? name) =>
        pattern is null or "*" || FileSystemName.MatchesSimpleExpression(pattern, name ?? "", ignoreCase: false);
}
